// Signing in through an OpenID provider on loopback: our own processor time for one sign-in, and what providers that are dead, slow, wrong or
// endless do to people who sign in with a password meanwhile.
// node bench/provider-sign-in.mjs [--turns 6] [--seconds 5] [--sign-ins 300]   (after a build; SQLite in a temporary folder; Linux)
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createSocketServer } from 'node:net';
import { loadavg, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { startGateway } from './gateway-process.mjs';

const main = join(dirname(fileURLToPath(import.meta.url)), '..', 'dist', 'main.js');
const option = (name, usual) => Number(process.argv[process.argv.indexOf(`--${name}`) + 1]) || usual;
const [turns, seconds, signIns] = [option('turns', 6), option('seconds', 5), option('sign-ins', 300)];
const folder = mkdtempSync(join(tmpdir(), 'gatehouse-providers-'));
const environment = {
  GATEHOUSE_DEMO_DATA: 'false',
  GATEHOUSE_TRUSTED_PROXIES: '1',
  GATEHOUSE_OUTBOUND_ALLOWED_NETWORKS: '127.0.0.1/32',
};
const password = 'plum orchid fairy tale';
const closing = [];

async function listening(server) {
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  closing.push(() => {
    server.closeAllConnections?.();
    server.close();
  });
  return server.address().port;
}

/** A provider that signs in whoever comes, as one of fifty people. */
async function startProvider() {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid: 'one', alg: 'RS256', use: 'sig' };
  const nonces = new Map();
  const send = (response, value) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(value));
  };
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://127.0.0.1');
    if (pathname === '/jwks') return send(response, { keys: [jwk] });
    if (pathname === '/me')
      return send(response, { sub: request.headers.authorization.slice(7), name: 'Ada' });
    if (pathname !== '/token') {
      return send(response, {
        ...{ issuer, jwks_uri: `${issuer}/jwks`, token_endpoint: `${issuer}/token` },
        ...{ authorization_endpoint: `${issuer}/authorize`, userinfo_endpoint: `${issuer}/me` },
        ...{ response_types_supported: ['code'], subject_types_supported: ['public'] },
        id_token_signing_alg_values_supported: ['RS256'],
      });
    }
    let form = '';
    for await (const chunk of request) form += chunk;
    const code = new URLSearchParams(form).get('code');
    const sub = `person-${code % 50}`;
    const now = Math.floor(Date.now() / 1_000);
    const claims = { iss: issuer, aud: 'gatehouse', sub, iat: now, exp: now + 300, nonce: nonces.get(code) };
    const id_token = await new SignJWT({ ...claims, email: `${sub}@corp.example`, name: 'Ada' })
      .setProtectedHeader({ alg: 'RS256', kid: 'one' })
      .sign(privateKey);
    return send(response, { token_type: 'bearer', access_token: sub, id_token });
  });
  const issuer = `http://127.0.0.1:${await listening(server)}`;
  return { issuer, nonces };
}

/** Providers that do not do what they should, by what they do. */
async function startBadProviders() {
  const http = (answer) => listening(createServer(answer)).then((port) => `http://127.0.0.1:${port}`);
  const large = Buffer.alloc(10 * 1024 * 1024, 0x20);
  const noTls = await listening(
    createSocketServer((socket) => socket.on('error', () => {}).end('no TLS here')),
  );
  return {
    slow: await http((_request, response) => setTimeout(() => response.end('{}'), 30_000).unref()),
    failing: await http((_request, response) => response.writeHead(503).end('{}')),
    'without-tls': `https://127.0.0.1:${noTls}`,
    // It says how much there is to come; the next one does not.
    large: await http((_request, response) => {
      response.setHeader('content-type', 'application/json');
      response.end(large);
    }),
    endless: await http((_request, response) => {
      response.setHeader('content-type', 'application/json');
      const piece = large.subarray(0, 64 * 1024);
      const more = () => {
        while (!response.destroyed) if (!response.write(piece)) return void response.once('drain', more);
      };
      more();
    }),
    dead: 'http://127.0.0.1:9',
  };
}

let network = 0;
const fromAnywhere = () => {
  network += 1;
  return { 'x-forwarded-for': `10.${(network >> 16) & 255}.${(network >> 8) & 255}.${network & 255}` };
};
const percentile = (values, share) =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0;

try {
  const provider = await startProvider();
  const bad = await startBadProviders();
  const gateway = await startGateway(folder, environment);
  closing.push(() => gateway.stop());
  const token = execFileSync(
    process.execPath,
    [main, 'token', '--permissions', 'create:connections,create:applications'],
    {
      encoding: 'utf8',
      env: {
        ...process.env,
        ...environment,
        // The issuer of tokens has the port.
        GATEHOUSE_PORT: new URL(gateway.url).port,
        GATEHOUSE_DATABASE_URL: `sqlite:${join(folder, 'gatehouse.db')}`,
        GATEHOUSE_SECRETS_FILE: join(folder, 'secrets.json'),
      },
    },
  ).trim();
  const ask = async (query, variables, headers = {}) => {
    const response = await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = await response.json();
    if (errors) throw new Error(JSON.stringify(errors));
    return data;
  };
  const asAdministrator = { authorization: `Bearer ${token}` };
  const made = await ask(
    'mutation { createApplication(input: { name: "Shop", type: REGULAR_WEB, defaultRedirectUri: "https://shop.example/in" }) { application { id } } }',
    {},
    asAdministrator,
  );
  const clientId = made.createApplication.application.id;
  for (const [name, issuer] of Object.entries({ good: provider.issuer, ...bad })) {
    await ask(
      'mutation ($input: CreateConnectionInput!) { createConnection(input: $input) { connection { id } } }',
      { input: { name, strategy: 'oidc', oauth: { issuer, clientId: 'gatehouse', clientSecret: 'secret' } } },
      asAdministrator,
    );
  }
  const begin = async (connection) => {
    const headers = fromAnywhere();
    const answer = await fetch(`${gateway.url}/login/${connection}?client_id=${clientId}`, {
      redirect: 'manual',
      headers,
    });
    await answer.arrayBuffer();
    return { answer, headers };
  };
  let count = 0;
  const signIn = async () => {
    const { answer, headers } = await begin('good');
    const sent = new URL(answer.headers.get('location')).searchParams;
    const code = String((count += 1));
    provider.nonces.set(code, sent.get('nonce'));
    const cookie = answer.headers
      .getSetCookie()
      .map((one) => one.split(';')[0])
      .join('; ');
    const back = `${gateway.url}/login/callback/good?${new URLSearchParams({ code, state: sent.get('state') })}`;
    const done = await fetch(back, { redirect: 'manual', headers: { ...headers, cookie } });
    await done.arrayBuffer();
    if (done.status !== 303) throw new Error(`The callback answered ${done.status}.`);
  };

  /** Processor time of the gateway's process so far, all threads, in milliseconds. */
  const ticks = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
  const processor = () => {
    const fields = readFileSync(`/proc/${gateway.child.pid}/stat`, 'utf8').split(') ')[1].split(' ');
    return ((Number(fields[11]) + Number(fields[12])) * 1_000) / ticks;
  };
  const costOf = async (work) => {
    const before = processor();
    for (let index = 0; index < signIns; index += 1) await work();
    return (processor() - before) / signIns;
  };
  for (let index = 0; index < 200; index += 1) await signIn();
  const [beginning, whole] = [await costOf(() => begin('good')), await costOf(signIn)];
  console.log(
    `One sign-in of a known user, ${signIns} in a row: ${whole.toFixed(1)} ms of the gateway's processor time, ` +
      `${beginning.toFixed(1)} ms of them until the browser leaves.`,
  );

  const people = Array.from({ length: 40 }, (_, index) => `person${index}@example.com`);
  for (const email of people)
    await ask(
      'mutation ($input: SignUpInput!) { signUp(input: $input) { isAccepted } }',
      { input: { email, password } },
      fromAnywhere(),
    );
  let at = 0;
  /** Two people at a time sign in with their passwords until the time is over. */
  const passwords = async () => {
    const times = [];
    const ends = performance.now() + seconds * 1_000;
    const one = async () => {
      while (performance.now() < ends) {
        const started = performance.now();
        const identifier = people[(at += 1) % people.length];
        const query = 'mutation ($input: SignInInput!) { signIn(input: $input) { __typename } }';
        await ask(query, { input: { identifier, password } }, fromAnywhere());
        times.push(performance.now() - started);
      }
    };
    await Promise.all([one(), one()]);
    return times;
  };
  /** Ten people a second begin at the bad provider until `stop`. */
  const pressing = (connection) => {
    const begun = [];
    const timer = setInterval(() => begun.push(begin(connection).then(({ answer }) => answer.status)), 100);
    return async () => {
      clearInterval(timer);
      return new Set(await Promise.all(begun));
    };
  };
  console.log(
    `\nPassword sign-ins, two at a time, ${turns} turns of ${seconds} s; load ${loadavg()[0].toFixed(1)}\n`,
  );
  console.log('| the provider | p95 alone, ms | p95 meanwhile, ms | ratio | its people are told |');
  console.log('| --- | --- | --- | --- | --- |');
  await passwords();
  for (const connection of Object.keys(bad)) {
    const [alone, meanwhile, told] = [[], [], new Set()];
    for (let turn = 0; turn < turns; turn += 1) {
      alone.push(...(await passwords()));
      const stop = pressing(connection);
      meanwhile.push(...(await passwords()));
      for (const status of await stop()) told.add(status);
    }
    const [before, during] = [percentile(alone, 0.95), percentile(meanwhile, 0.95)];
    console.log(
      `| ${connection} | ${before.toFixed(0)} | ${during.toFixed(0)} | ${(during / before).toFixed(2)} | ${[...told].join(', ')} |`,
    );
  }
} finally {
  for (const close of closing.reverse()) await close();
  rmSync(folder, { recursive: true, force: true });
}
