import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Attacks on how people sign in and stay signed in: each has a test with its number in its name, in whatever file it is at home. */
const attacks: Readonly<Record<string, string>> = {
  'PWD-01': 'different answers for addresses with an account and without',
  'PWD-03': 'passwords that are cut off',
  'PWD-04': 'huge passwords',
  'PWD-05': 'a link that is used twice at once',
  'PWD-06': 'ways around the count of wrong passwords',
  'PWD-07': 'links to the host that a request names',
  'PWD-08': 'a step of a flow that is left out',
  'PWD-09': 'links that outlive what they were made for',
  'PWD-10': 'passwords that everybody guesses',
  'PWD-11': 'ways around the second factor',
  'PWD-12': 'weak hashes that stay',
  'PWD-13': 'accounts that wait for their victim',
  'PWD-14': 'a new password over a stolen session',
  'SES-01': 'cookies that others can read or set',
  'SES-02': 'a session that somebody else chose',
  'SES-04': 'cookies and tokens that were cut or changed',
  'SES-05': 'a start with default keys',
  'SES-06': 'sessions that outlive what ends them',
  'SES-07': 'limits of time, and clocks that are set back',
  'SES-08': 'a copy of the database',
  'SES-09': 'sessions of others',
  'SES-10': 'a refresh token that is used twice at once',
  'SES-11': 'forms of other sites',
  'SES-12': 'large and malformed cookies',
  'SES-16': 'origins that look like an allowed one',
  'SES-17': 'a sign-in that another browser began',
  'JWT-01': 'no or strange algorithms',
  'JWT-02': 'the public key as a shared secret',
  'JWT-03': 'keys in the header',
  'JWT-04': 'claims of others',
  'JWT-05': 'a token that has more rights elsewhere',
  'JWT-06': 'malformed tokens',
  'JWT-08': 'keys that nobody has yet',
  'OAU-01': 'answers without state or nonce, or with those of others',
  'OAU-03': 'codes without a verifier',
  'OAU-04': 'accounts that are linked by an equal address',
  'OAU-05': 'one subject at two issuers',
  'OAU-06': 'connections that are switched off',
  'OAU-08': 'one code in many answers',
  'OAU-10': 'addresses inside of the network',
  'OAU-11': 'profiles that say too much',
  'WEB-01': 'places that nobody registered',
  'AZ-33': 'a one-time thing at another door',
  'IM-01': 'acting in the name of an administrator',
};

const folder = join(__dirname, '..');
const text = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.endsWith('sign-in-table.test.ts'))
  .map((file) => readFileSync(join(folder, file), 'utf8'))
  .join('\n');
/** Numbers that stand in a text of the tests: in a name, or in a row of which names are made. */
const named = new Set(
  [...text.matchAll(/['"`][^'"`\n]*/g)].flatMap(([title]) => title.match(/\b[A-Z]{2,3}-\d\d\b/g) ?? []),
);

test.each(Object.entries(attacks))('%s has a test: %s', (id) => {
  expect([...named].filter((one) => one === id)).toEqual([id]);
});
