import { createServer, type Server } from 'node:http';
import type { lookup } from 'node:dns';
import type { AddressInfo } from 'node:net';
import { createOutbound } from '#src/http/outbound';

/** A look-up that gives every name this address. */
const alwaysTo = (address: string): typeof lookup =>
  ((_host: string, _options: object, callback: (error: null, found: object[]) => void) => {
    callback(null, [{ address, family: address.includes(':') ? 6 : 4 }]);
  }) as never;

const limits = { timeoutMs: 500, maxBytes: 100 };

describe('outbound calls', () => {
  let server: Server;
  let port: number;
  beforeAll(async () => {
    server = createServer((request, response) => {
      if (request.url === '/redirect') response.writeHead(302, { location: '/' }).end();
      else if (request.url === '/hang') return;
      else response.end('x'.repeat(Number(request.url?.slice(1) ?? 0)));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    port = (server.address() as AddressInfo).port;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const reason = async (
    url: string,
    {
      isConfigured = false,
      ...options
    }: Partial<Parameters<typeof createOutbound>[0]> & { readonly isConfigured?: boolean } = {},
  ): Promise<string> => {
    const outbound = createOutbound({ allowedNetworks: [], ...options });
    try {
      const answer = await outbound.send({ method: 'GET', url, isConfigured, ...limits });
      return `${answer.status} ${answer.body.length}`;
    } catch (error) {
      return (error as { reason: string }).reason;
    } finally {
      await outbound.close();
    }
  };

  it.each([
    'http://127.0.0.1/',
    'https://127.0.0.1/',
    'https://10.0.0.1/',
    'https://172.16.0.1/',
    'https://192.168.1.1/',
    'https://169.254.169.254/latest/meta-data',
    'https://100.64.0.1/',
    'https://224.0.0.1/',
    'https://255.255.255.255/',
    'https://192.0.2.1/',
    'https://[::]/',
    'https://[ff02::1]/',
    'https://[2001:db8::1]/',
    'https://0.0.0.0/',
    'https://[::1]/',
    'https://[::ffff:10.0.0.1]/',
    'https://[fd00::1]/',
    'https://[fe80::1]/',
    'https://[64:ff9b::a00:1]/',
    'https://2130706433/',
    'https://0x7f.1/',
    'http://93.184.216.34/',
  ])('%s is refused: no public address by TLS', async (url) => {
    expect(await reason(url)).toBe('ADDRESS_REFUSED');
  });

  it.each(['127.0.0.1', '10.1.2.3', '::1', '::ffff:169.254.169.254', 'fd12::1'])(
    'a name that leads to %s is refused',
    async (address) => {
      expect(await reason('https://rebound.example/', { lookUp: alwaysTo(address) })).toBe('ADDRESS_REFUSED');
    },
  );

  it.each(['ftp://example.com/', 'https://user:pass@example.com/', 'file:///etc/passwd', 'nonsense'])(
    '%s is no URL to call',
    async (url) => {
      expect(await reason(url)).toBe('URL_INVALID');
    },
  );

  it('an allowed network may be called, by name too, up to the last byte of the limit', async () => {
    const allowedNetworks = ['127.0.0.0/8'];
    expect(await reason(`http://127.0.0.1:${port}/100`, { allowedNetworks })).toBe('200 100');
    expect(await reason(`http://127.0.0.1:${port}/101`, { allowedNetworks })).toBe('TOO_LARGE');
    const lookUp = alwaysTo('127.0.0.1');
    expect(await reason(`http://crm.example:${port}/1`, { allowedNetworks, lookUp })).toBe('200 1');
    expect(await reason(`http://127.0.0.1:${port}/redirect`, { allowedNetworks })).toBe('REDIRECTED');
    expect(await reason(`http://127.0.0.1:${port}/hang`, { allowedNetworks })).toBe('TIMEOUT');
    expect(await reason('http://127.0.0.1:1/', { allowedNetworks })).toBe('UNREACHABLE');
  });

  it('an answer that is too large, said before or not, is left at the limit and its connection closed', async () => {
    const whole = 10 * 1024 * 1024;
    let written = 0;
    const closed: Promise<void>[] = [];
    const large = createServer((request, response) => {
      closed.push(new Promise((done) => void request.socket.on('close', done)));
      if (request.url === '/said') response.setHeader('content-length', whole);
      const piece = Buffer.alloc(64 * 1024);
      const more = (): void => {
        while (written < whole && !response.destroyed) {
          written += piece.length;
          if (!response.write(piece)) return void response.once('drain', more);
        }
      };
      more();
    });
    await new Promise<void>((resolve) => large.listen(0, '127.0.0.1', resolve));
    const outbound = createOutbound({ allowedNetworks: ['127.0.0.0/8'] });
    const url = `http://127.0.0.1:${(large.address() as AddressInfo).port}`;
    for (const path of ['/said', '/not']) {
      written = 0;
      const call = { method: 'GET', url: `${url}${path}`, timeoutMs: 5_000, maxBytes: 100_000 } as const;
      await expect(outbound.send(call)).rejects.toMatchObject({ reason: 'TOO_LARGE' });
      await closed.pop();
      // What the sockets hold on the way is sent, and no more.
      expect(written).toBeLessThan(whole / 2);
    }
    await outbound.close();
    large.close();
  });

  it('what stands in the configuration may be called wherever it is, within the same limits', async () => {
    const isConfigured = true;
    expect(await reason(`http://127.0.0.1:${port}/100`, { isConfigured })).toBe('200 100');
    expect(await reason(`http://127.0.0.1:${port}/101`, { isConfigured })).toBe('TOO_LARGE');
    expect(await reason(`http://127.0.0.1:${port}/redirect`, { isConfigured })).toBe('REDIRECTED');
    const lookUp = alwaysTo('127.0.0.1');
    expect(await reason(`http://range.internal:${port}/1`, { isConfigured, lookUp })).toBe('200 1');
    expect(await reason('file:///etc/passwd', { isConfigured })).toBe('URL_INVALID');
  });
});
