import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, TLSSocket } from 'node:tls';
import { withDirectory } from '#src/features/providers/ldap/directory-client';
import { der } from '#test/support/der';
import { selfSigned } from '#test/support/self-signed';
import { until } from '#test/support/until';

const identity = selfSigned();
const tls = { key: identity.key, cert: identity.certificate };
const message = (id: number, ...parts: Buffer[]): Buffer => der(0x30, der(0x02, Buffer.from([id])), ...parts);
const result = (tag: number, code: number): Buffer =>
  der(tag, der(0x0a, Buffer.from([code])), der(0x04), der(0x04));
const yes = message(1, result(0x78, 0));

/** A server whose connections `serve` handles; what came in without encryption is kept. */
async function given(serve: (socket: Socket) => void, isEncrypted: boolean) {
  const sockets = new Set<Socket>();
  const kept = { clear: '', sockets };
  const server: Server = isEncrypted ? createTlsServer(tls, serve) : createServer(serve);
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    if (!isEncrypted) socket.on('data', (bytes: Buffer) => (kept.clear += bytes.toString('latin1')));
  });
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    kept,
    url: `${isEncrypted ? 'ldaps' : 'ldap'}://127.0.0.1:${port}`,
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

const nothing = (): void => undefined;
/** Reads what comes, so that it sees the end of it, and answers nothing. */
const silent = (socket: Socket): void => void socket.resume();
const afterRequest = (answer: (socket: Socket) => void) => (socket: Socket) => {
  socket.once('data', () => answer(socket));
};
/** Goes on with TLS, and answers the bind with `served`. */
const upgraded = (served: (socket: Socket) => void, first: Buffer = yes) =>
  afterRequest((socket) => {
    socket.write(first);
    socket.removeAllListeners('data');
    const secured = new TLSSocket(socket, { isServer: true, ...tls });
    secured.on('error', nothing);
    served(secured);
  });
/** Entries without end, one every few milliseconds. */
const trickle = (socket: Socket): void => {
  socket.once('data', () => {
    const entry = message(2, der(0x64, der(0x04, 'cn=x'), der(0x30)));
    const timer = setInterval(() => socket.write(entry), 5);
    socket.on('close', () => clearInterval(timer)).on('error', nothing);
  });
};
/** A bind that succeeded, in a message whose end is the server's first encrypted answer. */
const forged = Buffer.concat([Buffer.from([0x30, 0x60]), message(2, result(0x61, 0)).subarray(2)]);

/** Silence ends after `mostMs`; what a directory answers has time on a busy machine. */
async function tried(
  serve: (socket: Socket) => void,
  isEncrypted: boolean,
  isSearch = false,
  mostMs = 20_000,
) {
  const server = await given(serve, isEncrypted);
  const place = { url: server.url, startTls: !isEncrypted, caCertificate: identity.certificate };
  const outcome = await withDirectory(place, AbortSignal.timeout(mostMs), async (client) => {
    if (isSearch) await client.search('dc=x', { scope: 'sub' });
    else await client.bind('cn=ada', 'the secret of ada');
    return 'BOUND';
  }).catch((error: unknown) => (error as Error).message);
  await until(() => server.kept.sockets.size === 0);
  const open = server.kept.sockets.size;
  await server.close();
  return { outcome, open, clear: server.kept.clear };
}

describe('a connection to a directory', () => {
  it.each([
    ['on a new connection', silent, false],
    ['after it was asked for TLS', afterRequest(nothing), false],
    ['after it agreed to TLS', afterRequest((socket) => void socket.write(yes)), false],
    [
      'with half of an answer about TLS',
      afterRequest((socket) => void socket.write(yes.subarray(0, 5))),
      false,
    ],
    ['after the handshake', silent, true],
    ['after TLS was agreed on, about the bind', upgraded(silent), false],
  ])('LDP-05 ends in time when the directory is silent %s', async (_title, serve, isEncrypted) => {
    const { outcome, open, clear } = await tried(serve, isEncrypted, false, 300);
    expect([outcome, open]).toEqual(['The directory took too long.', 0]);
    expect(clear).not.toContain('secret of ada');
  });

  it('LDP-05 ends in time when the answer has no end', async () => {
    const { outcome, open } = await tried(trickle, true, true, 300);
    expect([outcome, open]).toEqual(['The directory took too long.', 0]);
  });

  it.each([
    ['refuses it', message(1, result(0x78, 2))],
    ['answers another message', message(2, result(0x78, 0))],
    ['answers something else', message(1, result(0x61, 0))],
    ['hangs up', Buffer.alloc(0)],
    ['answers what is no message', Buffer.from('HTTP/1.1 200 OK\r\n\r\n')],
    ['answers without end', Buffer.concat([Buffer.from([0x30, 0x84, 0x7f, 0, 0, 0]), Buffer.alloc(5_000)])],
  ])('LDP-05 sends no password to a directory that is asked for TLS and %s', async (_title, answer) => {
    const end = afterRequest((socket) => void socket.end(answer));
    const { outcome, open, clear } = await tried(end, false);
    expect(outcome).toMatch(/^The directory (does not go on with TLS|closed the connection|said more)/);
    expect([open, clear.includes('secret of ada')]).toEqual([0, false]);
  });

  it('LDP-05 takes nothing that stands before the first encrypted byte, such as a forged answer to the bind', async () => {
    const denies = (socket: Socket): void => {
      socket.once('data', () => void socket.write(message(2, result(0x61, 49))));
    };
    const { outcome } = await tried(upgraded(denies, Buffer.concat([yes, forged])), false);
    expect(outcome).toBe('The directory said more than its answer before TLS.');
    expect((await tried(upgraded(denies), false)).outcome).toContain('Code: 0x31');
  });

  it('goes on with TLS when the answer comes in pieces', async () => {
    const binds = (socket: Socket): void => {
      socket.once('data', () => void socket.write(message(2, result(0x61, 0))));
    };
    const serve = (socket: Socket): void => {
      socket.once('data', () => {
        socket.write(yes.subarray(0, 3));
        setTimeout(() => upgradedNow(socket), 20);
      });
    };
    const upgradedNow = (socket: Socket): void => {
      socket.write(yes.subarray(3));
      socket.removeAllListeners('data');
      const secured = new TLSSocket(socket, { isServer: true, ...tls });
      secured.on('error', nothing);
      binds(secured);
    };
    expect((await tried(serve, false)).outcome).toBe('BOUND');
  });
});
