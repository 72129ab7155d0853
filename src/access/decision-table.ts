import type { ObjectFacts, Verdict } from '#src/access/decide';
import type { Policy } from '#src/access/policy';
import type { Principal } from '#src/access/principal';

/** What of a user rules may look at besides whose data it is: identities tell connections and strategies, and cost more than the first alone. */
export type FactKind = 'connections' | 'identities' | 'organizations';

/**
 * The field decisions that were taken for callers of one access class under one policy. Objects are told apart only by what the rules
 * look at: whether they are the caller's own, and which of the connections, strategies and organizations named in rules they carry.
 */
export class DecisionTable {
  /** Decisions taken without looking at an object, by index of the field. */
  readonly verdicts = new Map<number, Verdict>();
  /** Whether any rule looks at more of an object than whose it is: then its facts must be loaded. */
  readonly needsFacts: boolean;
  /** Where the facts are that some rule looks at. */
  readonly factKinds: readonly FactKind[];
  private readonly byObject = new Map<string, Map<number, Verdict>>();
  private readonly named: Named;

  constructor(
    policy: Policy,
    private readonly principal: Principal,
  ) {
    this.named = namesIn(policy);
    const { connections, strategies, organizations } = this.named;
    const kinds: FactKind[] =
      strategies.size > 0 ? ['identities'] : connections.size > 0 ? ['connections'] : [];
    this.factKinds = organizations.size > 0 ? [...kinds, 'organizations'] : kinds;
    this.needsFacts = this.factKinds.length > 0;
  }

  /** Decisions about objects that no rule tells apart from this one. */
  verdictsFor(facts: ObjectFacts): Map<number, Verdict> {
    const key = this.keyOf(facts);
    let verdicts = this.byObject.get(key);
    if (!verdicts) {
      verdicts = new Map();
      // Nearly always there are two, own and other; a cache that knows which was used last would take 10 KB for each caller.
      if (this.byObject.size >= mostObjects) this.byObject.clear();
      this.byObject.set(key, verdicts);
    }
    return verdicts;
  }

  private keyOf(facts: ObjectFacts): string {
    const own = facts.ownerId !== null && facts.ownerId === this.principal.userId;
    if (!this.needsFacts) return own ? 'own' : 'other';
    const { connections, strategies, organizations } = this.named;
    const usual =
      !hasAny(facts.connections, connections) &&
      !hasAny(facts.strategies ?? none, strategies) &&
      !hasAny(facts.organizations, organizations);
    if (usual) return own ? 'own' : 'other';
    const named = [
      among(facts.connections, connections),
      among(facts.strategies ?? none, strategies),
      among(facts.organizations, organizations),
    ];
    return JSON.stringify([own, named]);
  }
}

const mostObjects = 500;

interface Named {
  readonly connections: ReadonlySet<string>;
  readonly strategies: ReadonlySet<string>;
  readonly organizations: ReadonlySet<string>;
}

const none: readonly string[] = [];

function hasAny(values: readonly string[], named: ReadonlySet<string>): boolean {
  if (named.size === 0) return false;
  for (const value of values) if (named.has(value)) return true;
  return false;
}

function among(values: readonly string[], named: ReadonlySet<string>): readonly string[] {
  return named.size === 0 ? none : values.filter((value) => named.has(value)).sort();
}

const namesOf = new WeakMap<Policy, Named>();

function namesIn(policy: Policy): Named {
  const known = namesOf.get(policy);
  if (known) return known;
  const listed = (scope: string): string[] =>
    policy.blacklist.filter((entry) => entry.scope === scope).map((entry) => entry.scopeId);
  const ruled = (selector: keyof Named): string[] =>
    policy.rules.flatMap((rule) => rule.object[selector] ?? []);
  const made: Named = {
    connections: new Set([...listed('CONNECTION'), ...ruled('connections')]),
    strategies: new Set(ruled('strategies')),
    organizations: new Set([...listed('ORGANIZATION'), ...ruled('organizations')]),
  };
  namesOf.set(policy, made);
  return made;
}
