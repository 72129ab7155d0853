import { segmentsOf } from '#src/access/attribute-path';
import type { AttributeRule, BlacklistEntry, Policy } from '#src/access/policy';
import { readConnectionOptions } from '#src/features/connections/connection-options';
import { withAliases } from '#src/features/connections/mapping/allowed-claims';
import { mappingOf } from '#src/features/connections/mapping/mapping-of';
import type { StoredConditions } from './check-attribute-rule';
import { redactionsOf } from './delegated-redactions';
import { rulesOfSchema, snapshotSchemas } from '#src/features/metadata/schema/schema-rules';
import type { StoredPolicy, StoredRule } from './policy.repository';
import type { Instant } from '#src/shared/clock';

interface Window {
  readonly from: Instant;
  readonly until: Instant;
}

/** All enabled rules of one version, with the moments from and until which each is in force. */
export interface CompiledPolicy {
  readonly whole: Policy;
  readonly windows: ReadonlyMap<AttributeRule, Window>;
  /** The snapshot in force, kept until the next moment at which some rule begins or ends. */
  now: { readonly policy: Policy; readonly from: Instant; readonly until: Instant };
}

/** A stored path that cannot be understood is an error: a rule must never be left out silently. */
export function compilePolicy(stored: StoredPolicy): CompiledPolicy {
  for (const entry of stored.blacklist) segmentsOf(entry.name);
  const windows = new Map<AttributeRule, Window>();
  const rules = stored.rules.map((row) => {
    const { rule, window } = compileRule(row);
    if (window) windows.set(rule, window);
    return rule;
  });
  const schemas = snapshotSchemas(stored.schemas);
  const whole: Policy = Object.freeze({
    version: stored.version,
    rules: Object.freeze([
      ...rules,
      ...schemas.flatMap(rulesOfSchema),
      ...(stored.delegation ?? []).flatMap(redactionsOf),
    ]),
    blacklist: Object.freeze(blacklistOf(stored).map((entry) => Object.freeze(entry))),
    ...(schemas.length > 0 ? { schemas } : {}),
    ...(stored.delegation && stored.delegation.length > 0 ? { delegation: stored.delegation } : {}),
  });
  return { whole, windows, now: { policy: whole, from: Infinity, until: -Infinity } };
}

/** The stored entries, and the attributes that listed claims become. */
function blacklistOf({ blacklist, connections = [] }: StoredPolicy): readonly BlacklistEntry[] {
  if (blacklist.length === 0) return [];
  const mapped = connections.map(({ name, strategy, options }) => ({
    name,
    mapping: mappingOf(strategy, readConnectionOptions(options).attributeMapping),
  }));
  return withAliases(blacklist, mapped);
}

/** The rule as the engine reads it: without what has its usual value. */
export function compileRule(row: StoredRule): {
  readonly rule: AttributeRule;
  readonly window: Window | null;
} {
  row.paths.forEach((path) => segmentsOf(path));
  const { conditions, denial, acceptOracleRisk, ...content } = row;
  const { notBefore, notAfter, ...signIn } = conditions as StoredConditions;
  const rule = Object.freeze({
    ...content,
    ...(Object.keys(signIn).length > 0 ? { conditions: signIn } : {}),
    ...(denial === 'ERROR' ? {} : { denial }),
    ...(acceptOracleRisk ? { acceptOracleRisk } : {}),
  } as AttributeRule);
  const isBounded = notBefore !== undefined || notAfter !== undefined;
  return { rule, window: isBounded ? { from: notBefore ?? -Infinity, until: notAfter ?? Infinity } : null };
}

/** The snapshot at a moment: rules outside their window are not in it. The same object until the next window opens or closes. */
export function atMoment(compiled: CompiledPolicy, moment: Instant): Policy {
  const { whole, windows, now } = compiled;
  if (windows.size === 0) return whole;
  if (moment >= now.from && moment < now.until) return now.policy;
  const isInForce = (rule: AttributeRule): boolean => {
    const window = windows.get(rule);
    return !window || (moment >= window.from && moment < window.until);
  };
  const edges = [...windows.values()].flatMap(({ from, until }) => [from, until]);
  compiled.now = {
    policy: Object.freeze({ ...whole, rules: Object.freeze(whole.rules.filter(isInForce)) }),
    from: Math.max(...edges.filter((edge) => edge <= moment), -Infinity),
    until: Math.min(...edges.filter((edge) => edge > moment), Infinity),
  };
  return compiled.now.policy;
}
