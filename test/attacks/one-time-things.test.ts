import { readFileSync } from 'node:fs';
import { getMetadataArgsStorage } from 'typeorm';
import '#test/support/all-entities';

/** What is good once: a test sends it several times at once, and exactly one wins. File and words of its title. */
const once: Readonly<Record<string, readonly (readonly [file: string, title: string])[]>> = {
  account_connections: [
    ['features/linking/cases/connecting.ts', 'a connect_code is good once, also for two'],
  ],
  anonymous_sessions: [
    [
      'features/sessions/activity/activity.http.test.ts',
      'are taken along by one of two sign-ins at the same time',
    ],
  ],
  factor_challenges: [
    [
      'features/factors/cases/enrolling.ts',
      'is confirmed by one of several right answers sent at the same time',
    ],
  ],
  impersonations: [['features/sessions/impersonation/impersonation.http.test.ts', '5.5.2']],
  landing_page_flows: [
    ['features/landing-pages/landing-pages.http.test.ts', 'One code sent ten times at once'],
  ],
  login_suspensions: [['features/login-pages/cases/redirects.ts', 'both.visitor.browser.request(good)']],
  login_transactions: [
    ['features/providers/provider-word.http.test.ts', 'OAU-08 exchanges a code that 20 tabs bring at once'],
  ],
  organization_invitations: [
    ['features/organizations/invitations.db.test.ts', '1.8-12 a person without an account gets one'],
  ],
  pending_links: [
    ['features/linking/cases/prompts.ts', 'makes one user of one prompt that is declined twice at once'],
  ],
  recovery_codes: [['features/factors/cases/enrolling.ts', 'recovery codes are never readable again']],
  refresh_tokens: [
    [
      'features/sessions/refresh/refresh-tokens.http.test.ts',
      'without a leeway one of two at the same time wins',
    ],
  ],
  sign_in_transactions: [
    ['features/sessions/sign-in/second-step.http.test.ts', 'is completed once, by one of many at once'],
    ['features/transfers/cases/password-cases.ts', 'change(changeToken'],
  ],
  tickets: [
    ['features/accounts/password-cases.ts', 'form(newPassword), form('],
    ['features/accounts/sign-up-cases.ts', 'ask(mutations.verify, { ...given, code: third })'],
    ['features/attack-protection/attack-protection.http.test.ts', 'until the mailed link is used by POST'],
  ],
  totp_secrets: [
    ['features/factors/cases/second-factors.ts', 'one of several equal codes sent at the same time'],
  ],
  upload_slots: [
    ['features/transfers/cases/upload-cases.ts', '1.10: of two files that are sent at once one is taken'],
  ],
  used_logout_tokens: [
    ['features/providers/logout-cases.ts', '1.8 ends the session that a provider has ended'],
  ],
  used_redirect_tokens: [
    ['features/login-pages/cases/redirects.ts', 'One id of a token in two answers at the same time'],
  ],
  used_saml_messages: [['features/providers/saml-login.http.test.ts', 'SAM-17 takes an assertion once']],
};

/** What is good more than once, or proves nothing, and why. */
const kept: Readonly<Record<string, string>> = {
  application_secrets: 'good until it is deleted',
  import_repeated_keys: 'no credential: a hash of a key in a file',
  metadata_leaves: 'no credential: a hash of a long text',
  metadata_unique_values: 'no credential: a hash of a value',
  profile_data_leaves: 'no credential: a hash of a long text',
  provider_sessions: 'no credential: by which a provider names a session that has ended there',
  remembered_devices: 'good for 30 days, for one user',
  logout_transactions: 'leads a browser that is signed out already to a listed address, and nobody further',
  sessions: 'good until it ends',
  user_imports: 'no credential: a hash of a file',
};

const telling = /Hash$|^(used|consumed|redeemed)At$|^lastStep$/;

test('every one-time thing of the schema is sent several times at once by a test', () => {
  const { tables, columns } = getMetadataArgsStorage();
  const nameOf = (target: unknown): string => String(tables.find((table) => table.target === target)?.name);
  const found = new Set(
    columns.filter(({ propertyName }) => telling.test(propertyName)).map(({ target }) => nameOf(target)),
  );
  expect([...found].sort()).toEqual([...Object.keys(once), ...Object.keys(kept)].sort());
  const isRaced = ([file, title]: readonly [string, string]): boolean => {
    const text = readFileSync(`test/${file}`, 'utf8');
    return text.includes(title) && text.includes('Promise.all');
  };
  const missing = Object.values(once)
    .flat()
    .filter((one) => !isRaced(one));
  expect(missing).toEqual([]);
});
