// 40 concurrent sign-ins beside 100 session reads a second: event-loop delay, times of the reads, how soon the excess is refused.
// Whoever is refused waits as long as the answer says, and up to half as long again, so that not all come back at once. Everybody signs in
// from a network of their own and is connected beforehand: making a few hundred connections costs this script more than the gateway.
// node bench/sign-in-load.mjs [--seconds 60] [--queue 100] [--concurrent 40]   (after a build; SQLite in a temporary folder)
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startGateway } from './gateway-process.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const option = (name, usual) => Number(process.argv[process.argv.indexOf(`--${name}`) + 1]) || usual;
const [seconds, queue, concurrent] = [option('seconds', 60), option('queue', 100), option('concurrent', 40)];
const folder = mkdtempSync(join(tmpdir(), 'gatehouse-load-'));
const gateway = await startGateway(
  folder,
  {
    GATEHOUSE_DEMO_DATA: 'false',
    GATEHOUSE_TRUSTED_PROXIES: '1',
    GATEHOUSE_SESSIONS_PASSWORD_QUEUE: String(queue),
  },
  { preload: join(here, 'loop-delay.mjs') },
);
const password = 'plum orchid fairy tale';

async function ask(query, { input, headers = {} } = {}) {
  const started = performance.now();
  const response = await fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query, variables: { input } }),
  });
  const body = await response.json();
  return { milliseconds: performance.now() - started, body, response };
}

const at = (values, share) => [...values].sort((a, b) => a - b)[Math.floor(values.length * share)] ?? 0;
const signIn = 'mutation ($input: SignInInput!) { signIn(input: $input) { __typename } }';

try {
  const people = Array.from({ length: 50 }, (_, index) => `person${index}@example.com`);
  for (const [index, email] of people.entries()) {
    await ask('mutation ($input: SignUpInput!) { signUp(input: $input) { isAccepted } }', {
      input: { email, password },
      headers: { 'x-forwarded-for': `10.1.0.${index}` },
    });
  }
  const first = await ask(signIn, { input: { identifier: people[0], password } });
  const cookie = first.response.headers.getSetCookie()[0].split(';')[0];
  const times = { reads: [], signIns: [], refusals: [], busy: [] };
  await Promise.all(
    Array.from({ length: concurrent }, () =>
      fetch(`${gateway.url}/health/live`).then((answer) => answer.text()),
    ),
  );
  const ends = performance.now() + seconds * 1_000;
  gateway.child.send('reset');
  const signers = Array.from({ length: concurrent }, async (_, worker) => {
    for (let count = worker; performance.now() < ends; count += 1) {
      const { milliseconds, body } = await ask(signIn, {
        input: { identifier: people[count % people.length], password },
        headers: { 'x-forwarded-for': `10.2.${worker >> 8}.${worker & 255}` },
      });
      const { code, retryAfter = 0 } = body.errors?.[0]?.extensions ?? {};
      if (code === undefined) times.signIns.push(milliseconds);
      else if (code === 'TOO_MANY_ATTEMPTS') times.refusals.push(milliseconds);
      else if (code === 'STORAGE_BUSY') times.busy.push(milliseconds);
      else throw new Error(JSON.stringify(body.errors));
      const wait = retryAfter * 1_000 * (1 + Math.random() / 2);
      if (wait > 0) await new Promise((done) => setTimeout(done, Math.min(wait, ends - performance.now())));
    }
  });
  const reads = [];
  while (performance.now() < ends) {
    reads.push(
      ask('{ currentSession { id status } me { id } }', { headers: { cookie, origin: gateway.url } }).then(
        ({ milliseconds, body }) => {
          if (!body.data?.me) throw new Error(JSON.stringify(body));
          times.reads.push(milliseconds);
        },
      ),
    );
    await new Promise((done) => setTimeout(done, 10));
  }
  await Promise.all([...signers, ...reads]);
  const delay = await new Promise((done) => {
    gateway.child.once('message', done);
    gateway.child.send('report');
  });
  const line = (name, values) =>
    console.log(
      `${name.padEnd(22)} ${String(values.length).padStart(7)} ${at(values, 0.5).toFixed(1).padStart(8)} ${at(values, 0.95).toFixed(1).padStart(8)} ${at(values, 0.99).toFixed(1).padStart(8)}`,
    );
  console.log(
    `${concurrent} concurrent sign-ins for ${seconds} s, queue ${queue}\n\n${' '.repeat(22)}   count  p50 ms   p95 ms   p99 ms`,
  );
  line('session reads', times.reads);
  line('sign-ins', times.signIns);
  line('refused sign-ins', times.refusals);
  line('… in the gateway', delay.refusals);
  if (times.busy.length > 0) line('database was busy', times.busy);
  console.log(
    `event-loop delay: p50 ${delay.p50.toFixed(1)} ms, p99 ${delay.p99.toFixed(1)} ms, most ${delay.max.toFixed(1)} ms`,
  );
} finally {
  await gateway.stop();
  rmSync(folder, { recursive: true, force: true });
}
