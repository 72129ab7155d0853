import { memberPath, relatePath, segmentsOf } from '#src/access/attribute-path';
import type { ObjectFacts } from '#src/access/decide';
import type { BlacklistEntry, Policy } from '#src/access/policy';
import type { AttributeAction } from '#src/access/rule';
import { commonErrors } from '#src/shared/errors';

/** Whether a path is blacklisted: for everyone, for this object, for some object (facts not given), or not. */
export function blacklistReach(
  policy: Policy,
  action: AttributeAction,
  path: readonly string[],
  facts: ObjectFacts | undefined,
): 'yes' | 'depends' | 'no' {
  let depends = false;
  for (const entry of policy.blacklist) {
    if (!covers(entry, action, path)) continue;
    if (entry.scope === 'TENANT') return 'yes';
    if (!facts) depends = true;
    else if (concerns(entry, facts)) return 'yes';
  }
  return depends ? 'depends' : 'no';
}

/** Searching, sorting or writing a container counts as doing it to the blacklisted part; reading prunes it. */
function covers(entry: BlacklistEntry, action: AttributeAction, path: readonly string[]): boolean {
  const relation = relatePath(segmentsOf(entry.name), path);
  return relation === 'covers' || (relation === 'inside' && action !== 'READ' && action !== 'WRITE');
}

function concerns(entry: BlacklistEntry, facts: ObjectFacts): boolean {
  const among = entry.scope === 'CONNECTION' ? facts.connections : facts.organizations;
  return among.includes(entry.scopeId);
}

export interface BlacklistScope {
  readonly connections?: readonly string[];
  readonly organizations?: readonly string[];
}

/** The names in force for data of these connections and organizations: tenant, connection and organization lists united. */
export function effectiveBlacklist(policy: Policy, scope: BlacklistScope): readonly string[] {
  // SECURITY: data that comes in while the lists are not known would be kept and shown.
  if (policy.unavailable) throw commonErrors.POLICY_UNAVAILABLE();
  const facts: ObjectFacts = {
    ownerId: null,
    connections: scope.connections ?? [],
    organizations: scope.organizations ?? [],
  };
  const names = policy.blacklist
    .filter((entry) => entry.scope === 'TENANT' || concerns(entry, facts))
    .map((entry) => entry.name);
  return [...new Set(names)];
}

/**
 * Removes blacklisted attributes from a profile (claims of a provider, `profileData`, pass-through attributes), at any depth.
 * `stripped` holds the names that were found and removed, never their values.
 */
export function stripBlacklisted<Profile extends object>(
  policy: Policy,
  scope: BlacklistScope,
  profile: Profile,
): { readonly kept: Profile; readonly stripped: readonly string[] } {
  const names = effectiveBlacklist(policy, scope);
  if (names.length === 0) return { kept: profile, stripped: [] };
  const stripped: string[] = [];
  const kept = stripBelow(profile, [], names.map(segmentsOf), stripped) as Profile;
  return { kept, stripped };
}

function stripBelow(
  value: unknown,
  path: readonly string[],
  names: readonly (readonly string[])[],
  stripped: string[],
): unknown {
  if (Array.isArray(value)) return value.map((item) => stripBelow(item, path, names, stripped));
  if (value === null || typeof value !== 'object') return value;
  const kept: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    const below = memberPath(path, key);
    const relations = names.map((name) => relatePath(name, below));
    if (relations.includes('covers')) stripped.push([...path, key].join('.'));
    else kept[key] = relations.includes('inside') ? stripBelow(item, below, names, stripped) : item;
  }
  return kept;
}
