// Whether the time of an answer tells that an address has an account: 200 tries of each kind, in pairs of changing order. Between two
// tries there is a pause, in which the messages that the first one asked for are written.
// node bench/timing.mjs [--tries 200]   (after a build; SQLite in a temporary folder)
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startGateway } from './gateway-process.mjs';

const tries = Number(process.argv[process.argv.indexOf('--tries') + 1]) || 200;
const folder = mkdtempSync(join(tmpdir(), 'gatehouse-timing-'));
const gateway = await startGateway(folder, {
  GATEHOUSE_DEMO_DATA: 'false',
  GATEHOUSE_TRUSTED_PROXIES: '1',
  GATEHOUSE_ATTACK_PROTECTION_RESETS_PER_ADDRESS_PER_HOUR: '1000',
});

const operations = {
  signIn: {
    query: 'mutation ($input: SignInInput!) { signIn(input: $input) { __typename } }',
    input: (email) => ({ identifier: email, password: 'wrong wrong wrong' }),
  },
  requestPasswordReset: {
    query:
      'mutation ($input: RequestPasswordResetInput!) { requestPasswordReset(input: $input) { isAccepted } }',
    input: (email) => ({ email }),
  },
  signUp: {
    query: 'mutation ($input: SignUpInput!) { signUp(input: $input) { isAccepted } }',
    input: (email) => ({ email, password: 'plum orchid fairy tale' }),
  },
};

let network = 0;
async function ask(query, input) {
  network += 1;
  const started = performance.now();
  const response = await fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-forwarded-for': `10.${(network >> 16) & 255}.${(network >> 8) & 255}.${network & 255}`,
    },
    body: JSON.stringify({ query, variables: { input } }),
  });
  await response.text();
  return performance.now() - started;
}

function median(values) {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)];
}

try {
  const { query, input } = operations.signUp;
  for (let index = 0; index < tries; index += 1) await ask(query, input(`known${index}@example.com`));
  console.log(
    `${tries} tries of each kind in turns, medians in ms\n\noperation              known   unknown   difference`,
  );
  for (const [name, operation] of Object.entries(operations)) {
    const times = { known: [], unknown: [] };
    for (let index = -10; index < tries; index += 1) {
      const emails = {
        known: `known${Math.max(index, 0)}@example.com`,
        unknown: `${name}${index + 10}@example.com`,
      };
      for (const kind of index % 2 === 0 ? ['known', 'unknown'] : ['unknown', 'known']) {
        const milliseconds = await ask(operation.query, operation.input(emails[kind]));
        if (index >= 0) times[kind].push(milliseconds);
        await new Promise((done) => setTimeout(done, 40));
      }
    }
    const [known, unknown] = [median(times.known), median(times.unknown)];
    console.log(
      `${name.padEnd(22)} ${known.toFixed(1).padStart(5)} ${unknown.toFixed(1).padStart(9)} ${(known - unknown).toFixed(1).padStart(12)}`,
    );
  }
} finally {
  await gateway.stop();
  rmSync(folder, { recursive: true, force: true });
}
