/** An attack that cannot exist before something does: names of types and fields (`Type.field`) that will bring it. */
export interface Pending {
  readonly waitsFor: string;
  /** Matches the coordinate of the first place in the schema that the attack needs. */
  readonly coordinates: RegExp;
}

export interface Attack {
  readonly what: string;
  /** Test files, below `test/`, in which a test has the number of the attack in its name. */
  readonly tests: readonly string[];
  /** Parts of the attack that wait for a feature. */
  readonly pending?: readonly Pending[];
}

const events: Pending = {
  waitsFor: 'webhooks and streams of events',
  coordinates: /^(Webhook|EventStream)|^(Query|Mutation)\.\w*(webhook|eventStream)/i,
};
const uploads: Pending = { waitsFor: 'uploads of files', coordinates: /^Upload$/ };

/** The attacks that the access rules must withstand. A test holds this table against the test files and the schema. */
export const attacks: Readonly<Record<string, Attack>> = {
  B01: { what: 'aliases and repetitions of a field', tests: ['attacks/reading.http.test.ts'] },
  B02: { what: 'fragments and conditions', tests: ['attacks/reading.http.test.ts'] },
  B03: { what: 'interfaces and nodes', tests: ['attacks/reading.http.test.ts'] },
  B04: {
    what: 'ways back to a user',
    tests: [
      'attacks/reading.http.test.ts',
      'attacks/back-references.http.test.ts',
      'features/groups/group-rules.http.test.ts',
      'features/delegation/filter.http.test.ts',
      'features/organizations/invitations.db.test.ts',
    ],
  },
  B05: {
    what: 'entities and forged representations',
    tests: ['attacks/reading.http.test.ts', 'graphql/federation.http.test.ts'],
  },
  B06: { what: 'conditions on a denied attribute', tests: ['attacks/filtering.http.test.ts'] },
  B07: {
    what: 'the same inside of others',
    tests: [
      'attacks/filtering.http.test.ts',
      'attacks/back-references.http.test.ts',
      'features/groups/group-rules.http.test.ts',
    ],
  },
  B08: { what: 'other spellings of a name', tests: ['attacks/search-names.http.test.ts'] },
  B09: { what: 'unknown members and where values stand', tests: ['attacks/filtering.http.test.ts'] },
  B10: { what: 'sorting and cursors', tests: ['attacks/sorting.http.test.ts'] },
  B11: { what: 'counts and pages', tests: ['attacks/sorting.http.test.ts'] },
  B12: {
    what: 'copying to where it can be read',
    tests: ['attacks/copying.http.test.ts', 'features/transfers/exports.http.test.ts'],
  },
  B13: { what: 'what a refused write tells', tests: ['attacks/writing.http.test.ts'] },
  B14: { what: 'payloads of mutations', tests: ['attacks/answers.http.test.ts'] },
  B15: {
    what: 'denied inputs',
    tests: [
      'attacks/writing.http.test.ts',
      'attacks/writing-metadata.http.test.ts',
      'features/delegation/filter.http.test.ts',
    ],
  },
  B16: { what: 'defaults, single values and one-of inputs', tests: ['attacks/filtering.http.test.ts'] },
  B17: { what: 'several mutations, one denied', tests: ['attacks/writing.http.test.ts'] },
  B18: { what: 'subscriptions', tests: ['features/jobs/job-progress.http.test.ts'] },
  B19: {
    what: 'exports, imports, logs, events, mail',
    tests: ['features/transfers/exports.http.test.ts', 'features/delegation/filter.http.test.ts'],
    pending: [events],
  },
  B20: {
    what: 'rules that change',
    tests: ['attacks/changing-rules.http.test.ts', 'features/delegation/hooks.http.test.ts'],
  },
  B21: { what: 'what callers share', tests: ['attacks/callers.http.test.ts'] },
  B22: { what: 'null or hidden', tests: ['attacks/answers.http.test.ts'] },
  B23: { what: 'erasure by a denied child', tests: ['attacks/answers.http.test.ts'] },
  B24: { what: 'the schema while introspection is off', tests: ['attacks/introspection.http.test.ts'] },
  B25: { what: 'the schema while introspection is on', tests: ['attacks/introspection.http.test.ts'] },
  B26: { what: 'ids of other organizations', tests: ['attacks/callers.http.test.ts'] },
  B27: { what: 'claims of tokens', tests: ['attacks/grants.http.test.ts'] },
  B28: { what: 'linked accounts', tests: ['features/identities/identity.resolver.db.test.ts'] },
  B29: {
    what: 'wildcards and new keys',
    tests: ['attacks/writing-metadata.http.test.ts', 'access/decide.test.ts'],
  },
  B30: {
    what: 'raw fields',
    tests: [
      'attacks/computed.http.test.ts',
      'features/accounts/address-cases.ts',
      'features/attack-protection/attack-protection.http.test.ts',
    ],
  },
  B31: {
    what: 'filters of delegated administration',
    tests: ['features/delegation/filter.http.test.ts'],
  },
  B32: {
    what: 'many attempts in one request',
    tests: ['attacks/transport.http.test.ts', 'features/factors/cases/second-factors.ts'],
  },
  B33: {
    what: 'GET, other sites, uploads, names',
    tests: ['attacks/transport.http.test.ts'],
    pending: [uploads],
  },
  B34: { what: 'delivery in parts', tests: ['attacks/transport.http.test.ts'] },
  B35: { what: 'computed fields', tests: ['attacks/computed.http.test.ts'] },
  B36: {
    what: 'oneself',
    tests: [
      'attacks/self.http.test.ts',
      'features/delegation/hooks.http.test.ts',
      'features/sessions/impersonation/impersonation.http.test.ts',
    ],
  },
  B37: {
    what: 'administration of the rules',
    tests: ['features/attribute-rules/attribute-rules.db.test.ts', 'features/delegation/hooks.http.test.ts'],
  },
  B38: { what: 'places without a rule', tests: ['attacks/declared-rules.test.ts'] },
  B39: { what: 'errors, logs and traces', tests: ['attacks/canaries.http.test.ts'] },
};
