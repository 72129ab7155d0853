import { LRUCache } from 'lru-cache';
import {
  decidePlace,
  type AccessRequest,
  type Decision,
  type ObjectFacts,
  type Verdict,
} from '#src/access/decide';
import { DecisionTable, type FactKind } from '#src/access/decision-table';
import { DenialLog } from '#src/access/denial-log';
import type { LookUp } from '#src/access/look-up';
import type { AccessRule } from '#src/access/rule';
import type { Policy } from '#src/access/policy';
import type { Principal } from '#src/access/principal';
import type { SchemaRules } from '#src/access/schema-rules';
import type { Clock, Instant } from '#src/shared/clock';

/** One guarded field of the schema. */
export interface GuardedField {
  readonly index: number;
  /** `User.email` */
  readonly coordinate: string;
  /** Rules of the type and of the field: all must allow. */
  readonly rules: readonly AccessRule[];
}

/** The field decisions of one call. Every answer comes from `decide`. */
export interface Gate {
  /** Whether the caller may read this place (`User.email`) of every object it can reach: then it may be loaded ahead of execution. */
  isOpen(coordinate: string): boolean;
  /** The same for the objects of one user; false where that takes facts which only the store knows. */
  isOpenOf(coordinate: string, ownerId: string): boolean;
  /** What stored rules look at of an object besides whose it is. */
  readonly factKinds: readonly FactKind[];
  /** The decision for a field, without looking at the object. */
  decide(field: GuardedField): Decision;
  /** The decision for a field of an object whose facts are known. */
  decideFor(field: GuardedField, facts: ObjectFacts): Verdict;
  /** The verdict without facts, with the rule that decided (for masks). */
  verdict(field: GuardedField): Verdict;
  /** Facts about a user's data; asked of the store only when some stored rule looks at connections or organizations. */
  factsOf(
    ownerId: string | null,
    connection: string | null,
    strategy?: string | null,
  ): ObjectFacts | Promise<ObjectFacts>;
  /** Look-ups by values that the caller may not read; the operation gate notes them, the executor has them admitted. */
  readonly lookUps: LookUp[];
  /** Every rule of the schema, for those who explain it. */
  readonly rules: SchemaRules;
  readonly denials: DenialLog;
  readonly maskKey: Buffer;
}

export type LoadFacts = (ownerId: string) => ObjectFacts | Promise<ObjectFacts>;

/**
 * Makes the gates of calls. Decisions that do not look at the object are the same for all callers of one access class under one
 * policy version, so they are taken once and kept.
 */
export class GateKeeper {
  private readonly tables = new LRUCache<string, DecisionTable>({ max: 2000 });
  private tablesOf: Policy | null = null;
  private signInAges: readonly number[] = [];

  constructor(
    private readonly rules: SchemaRules,
    private readonly clock: Clock,
    private readonly maskKey: Buffer,
  ) {}

  gateFor({ principal, policy }: { principal: Principal; policy: Policy }, loadFacts: LoadFacts): Gate {
    // Stored rules see one moment for the whole request, so that its decisions agree with each other.
    const at = this.clock.now();
    const pinned = { principal, policy, clock: { now: () => at } };
    return new CallGate(this.rules, pinned, this.tableOf(pinned, at), this.clock, loadFacts, this.maskKey);
  }

  private tableOf({ policy, principal }: AccessRequest, at: Instant): DecisionTable {
    // A new policy empties the cache: no decision outlives the rules it was taken under.
    if (this.tablesOf !== policy) {
      this.tables.clear();
      this.tablesOf = policy;
      this.signInAges = signInAgesOf(policy);
    }
    const key = principal.accessClass + this.recency(principal, at);
    let table = this.tables.get(key);
    if (!table) {
      table = new DecisionTable(policy, principal);
      this.tables.set(key, table);
    }
    return table;
  }

  /** For which of the ages that stored rules ask for the sign-in is recent enough. */
  private recency({ authenticatedAt }: Principal, at: Instant): string {
    return this.signInAges
      .map((seconds) => (authenticatedAt !== null && at - authenticatedAt <= seconds * 1000 ? '1' : '0'))
      .join('');
  }
}

function signInAgesOf(policy: Policy): readonly number[] {
  const ages = policy.rules.map((rule) => rule.conditions?.maxAgeSeconds).filter((age) => age !== undefined);
  return [...new Set(ages)].sort((a, b) => a - b);
}

class CallGate implements Gate {
  readonly denials = new DenialLog();
  /** Places where a caller looked up by a value that it may not read; see `look-up.ts`. */
  readonly lookUps: LookUp[] = [];
  /** The fields of one object are asked about one after the other. */
  private last: { readonly facts: ObjectFacts; readonly verdicts: Map<number, Verdict> } | null = null;
  private lastJudged: Judged | null = null;

  constructor(
    readonly rules: SchemaRules,
    private readonly request: AccessRequest,
    private readonly table: DecisionTable,
    private readonly clock: Clock,
    private readonly loadFacts: LoadFacts,
    readonly maskKey: Buffer,
  ) {}

  get factKinds(): readonly FactKind[] {
    return this.table.factKinds;
  }

  isOpen(coordinate: string): boolean {
    const field = this.rules.guarded.get(coordinate);
    return field === undefined || this.decide(field) === 'ALLOW';
  }

  isOpenOf(coordinate: string, ownerId: string): boolean {
    const field = this.rules.guarded.get(coordinate);
    if (field === undefined) return true;
    const decision = this.decide(field);
    if (decision !== 'OBJECT' || this.table.needsFacts) return decision === 'ALLOW';
    return this.decideFor(field, { ownerId, connections: [], organizations: [] }).decision === 'ALLOW';
  }

  decide(field: GuardedField): Decision {
    return this.verdict(field).decision;
  }

  verdict(field: GuardedField): Verdict {
    return this.remember(this.table.verdicts, field, undefined);
  }

  decideFor(field: GuardedField, facts: ObjectFacts): Verdict {
    // Kept here and not in a weak map of the table: what hangs on something old survives with it, and whole requests would.
    if (this.last?.facts !== facts) this.last = { facts, verdicts: this.table.verdictsFor(facts) };
    return this.remember(this.last.verdicts, field, facts);
  }

  private remember(
    verdicts: Map<number, Verdict>,
    field: GuardedField,
    facts: ObjectFacts | undefined,
  ): Verdict {
    const known = verdicts.get(field.index);
    if (known) return known;
    const verdict = decideField(this.request, field, facts, this.clock.now());
    // `maxAge` depends on the moment, so such a decision is taken anew each time.
    if (!field.rules.some((rule) => rule.auth?.maxAge !== undefined)) verdicts.set(field.index, verdict);
    return verdict;
  }

  factsOf(
    ownerId: string | null,
    connection: string | null,
    strategy: string | null = null,
  ): ObjectFacts | Promise<ObjectFacts> {
    if (ownerId === null || !this.table.needsFacts) return { ownerId, connections: [], organizations: [] };
    const facts = this.loadFacts(ownerId);
    if (facts instanceof Promise) return facts.then((known) => judgedBy(known, connection, strategy).facts);
    if (connection === null) return facts;
    const known = this.lastJudged;
    if (known?.of !== facts || known.connection !== connection || known.strategy !== strategy)
      return (this.lastJudged = judgedBy(facts, connection, strategy)).facts;
    return known.facts;
  }
}

/**
 * The decision for reading a field: of all its rules the one that refuses most. Without `facts` a decision that depends on the
 * object is OBJECT; with facts it never is.
 */
export function decideField(
  request: AccessRequest,
  field: GuardedField,
  facts: ObjectFacts | undefined,
  now: Instant,
): Verdict {
  const verdicts = field.rules.map((rule) => decidePlace(request, 'READ', rule, facts, now));
  for (const decision of order) {
    const verdict = verdicts.find((candidate) => candidate.decision === decision);
    if (verdict) return verdict;
  }
  return verdicts[verdicts.length - 1] ?? { decision: 'DENY', reason: 'default' };
}

const order: readonly Decision[] = ['HIDE', 'DENY', 'STEP_UP', 'OBJECT', 'MASK'];

/** Facts about one identity of a user. */
interface Judged {
  readonly of: ObjectFacts;
  readonly connection: string | null;
  readonly strategy: string | null;
  readonly facts: ObjectFacts;
}

/** An attribute of one identity is judged by that identity's connection alone. */
function judgedBy(of: ObjectFacts, connection: string | null, strategy: string | null): Judged {
  if (connection === null) return { of, connection, strategy, facts: of };
  const strategies = strategy === null ? {} : { strategies: [strategy] };
  return { of, connection, strategy, facts: { ...of, connections: [connection], ...strategies } };
}
