import {
  linkDecision,
  type Candidate,
  type LinkDecision,
} from '#src/features/linking/candidates/link-decision';
import { addressKey, trustedAddress } from '#src/features/linking/candidates/trusted-address';
import { readConnectionOptions } from '#src/features/connections/connection-options';
import type { LinkingMode } from '#src/features/connections/connection-options';

const usual: Candidate = {
  ...{
    isVerified: true,
    isBlocked: false,
    isLocal: true,
    hasSecondFactor: false,
    isKnownThere: false,
    hasRights: false,
  },
};

test.each<[LinkingMode, Partial<Candidate> | null, LinkDecision, boolean?]>([
  ['OFF', {}, 'SEPARATE'],
  ['OFF', { isVerified: false }, 'SEPARATE'],
  ['PROMPT', null, 'SEPARATE'],
  ['PROMPT', {}, 'PROVE'],
  ['PROMPT', { hasSecondFactor: true }, 'PROVE'],
  ['PROMPT', { isBlocked: true }, 'SEPARATE'],
  ['PROMPT', { isVerified: false }, 'RECLAIM'],
  ['PROMPT', { isVerified: false, isLocal: false }, 'SEPARATE'],
  ['PROMPT', { isVerified: false }, 'SEPARATE', false],
  ['AUTO_VERIFIED', null, 'SEPARATE'],
  ['AUTO_VERIFIED', {}, 'ATTACH'],
  ['AUTO_VERIFIED', { isLocal: false }, 'ATTACH'],
  ['AUTO_VERIFIED', { isVerified: false }, 'RECLAIM'],
  ['AUTO_VERIFIED', { isVerified: false, hasSecondFactor: true }, 'RECLAIM'],
  ['AUTO_VERIFIED', { isBlocked: true }, 'SEPARATE'],
  ['AUTO_VERIFIED', { isBlocked: true, isVerified: false }, 'SEPARATE'],
  ['AUTO_VERIFIED', { hasSecondFactor: true }, 'FACTOR'],
  ['AUTO_VERIFIED', { isKnownThere: true }, 'PROVE'],
  ['AUTO_VERIFIED', { hasRights: true }, 'PROVE'],
  ['AUTO_VERIFIED', { hasRights: true, hasSecondFactor: true }, 'PROVE'],
  // Without the notice and its way back nothing is linked without a question.
  ['AUTO_VERIFIED', {}, 'PROVE', false],
])('4.4 %s with %j is %s', (mode, candidate, expected, canMail = true) => {
  expect(linkDecision(mode, candidate === null ? null : { ...usual, ...candidate }, canMail)).toBe(expected);
});

interface Word {
  readonly strategy: string;
  readonly email?: string | null;
  readonly says?: boolean;
  readonly policy?: 'TRUST_CLAIM' | 'ALWAYS_TRUE' | 'ALWAYS_FALSE';
  readonly owner?: 'own' | 'other';
  readonly domains?: readonly string[];
  readonly claims?: Record<string, unknown>;
}

test.each<[string, Word, boolean]>([
  ['Google about its own mailboxes', { strategy: 'google-oauth2', email: 'a@gmail.com' }, true],
  [
    'Google about a company that it names',
    { strategy: 'google-oauth2', claims: { hd: 'corp.example' } },
    true,
  ],
  ['Google about another company', { strategy: 'google-oauth2', claims: { hd: 'else.example' } }, false],
  ['Google about any other address', { strategy: 'google-oauth2' }, false],
  ['GitHub', { strategy: 'github' }, true],
  ['GitHub without a verified address', { strategy: 'github', says: false }, false],
  ['GitHub about a proven domain of a company', { strategy: 'github', owner: 'other' }, false],
  ['a provider that does not check', { strategy: 'facebook', policy: 'ALWAYS_FALSE' }, false],
  ['a company’s provider about somebody else’s domain', { strategy: 'oidc' }, false],
  ['a company’s provider about its proven domain', { strategy: 'oidc', owner: 'own' }, true],
  ['a company’s provider about the proven domain of another', { strategy: 'oidc', owner: 'other' }, false],
  [
    'a company’s provider about a domain it is named for',
    { strategy: 'oidc', domains: ['corp.example'] },
    true,
  ],
  [
    'the same where another has proven the domain',
    { strategy: 'oidc', domains: ['corp.example'], owner: 'other' },
    false,
  ],
  [
    'the same in other letters',
    { strategy: 'oidc', domains: ['corp.example'], email: 'a@CORP.example' },
    true,
  ],
  ['one that is named for all', { strategy: 'oidc', domains: ['*'] }, true],
  [
    'no subdomain of a named one',
    { strategy: 'oidc', domains: ['corp.example'], email: 'a@x.corp.example' },
    false,
  ],
  ['Microsoft, any company (nOAuth)', { strategy: 'waad', policy: 'ALWAYS_FALSE', owner: 'own' }, false],
  ['nobody without an address', { strategy: 'github', email: null }, false],
])(
  '4.5 believed: %s',
  (_who, { strategy, email = 'a@corp.example', policy = 'TRUST_CLAIM', ...word }, expected) => {
    const options = readConnectionOptions({ linking_domains: word.domains ?? [] });
    const connection = { id: 'con_own', name: 'c', strategy, isEnabled: true, options };
    const sent = { email, emailVerified: word.says ?? true };
    const connectionId = word.owner === undefined ? null : `con_${word.owner}`;
    const trusted = trustedAddress({ connection, sent, emailVerified: policy }, word.claims ?? {}, {
      connectionId,
    });
    expect(trusted).toBe(expected ? email : null);
  },
);

test('4.4 (g) one address is another in the letters of its domain alone', () => {
  expect(addressKey(' Ann@Corp.Example ')).toBe(addressKey('Ann@corp.example'));
  for (const other of ['ann@corp.example', 'Ann+x@corp.example', 'A.nn@corp.example'])
    expect(addressKey(other)).not.toBe(addressKey('Ann@corp.example'));
});
