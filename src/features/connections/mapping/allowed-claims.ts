import { memberPath, relatePath, segmentsOf } from '#src/access/attribute-path';
import { effectiveBlacklist, stripBlacklisted, type BlacklistScope } from '#src/access/blacklist';
import type { BlacklistEntry, Policy } from '#src/access/policy';
import { claimValue } from './claim-value';
import { mapClaims, subjectOf, type Claims, type MappedClaims } from './map-claims';
import type { ProviderMapping } from './mapping';

export interface AllowedClaims {
  readonly mapped: MappedClaims;
  /** How many claims the blacklist stopped. SECURITY: a number; neither names nor values of what was stopped leave this function. */
  readonly stripped: number;
}

/**
 * The claims as a profile, without anything blacklisted. Both names count: a claim is stopped by its own name and by the attribute it
 * is mapped to, and an attribute by each claim that means it. The user's id is read before, for without it nobody could sign in.
 */
export function mapAllowedClaims(
  mapping: ProviderMapping,
  claims: Claims,
  policy: Policy,
  scope: BlacklistScope,
): AllowedClaims {
  const names = effectiveBlacklist(policy, scope).map(segmentsOf);
  if (names.length === 0) return { mapped: mapClaims(mapping, claims), stripped: 0 };
  const refused = deniedTargets(mapping, names);
  const attributes = Object.entries(mapping.attributes).filter(([target]) => !refused.has(target));
  const { kept, stripped } = stripBlacklisted(policy, scope, claims);
  const rest: Record<string, unknown> = { ...kept };
  let count = stripped.length;
  for (const name of [...refused].flatMap((target) => mapping.attributes[target]?.claims ?? [])) {
    const found = claimValue(rest, name);
    if (found === null) continue;
    delete rest[found.claim];
    count += 1;
  }
  const mapped = mapClaims({ ...mapping, attributes: Object.fromEntries(attributes) }, rest);
  const strip = <Part extends object>(part: Part): Part => {
    const { kept: left, stripped: gone } = stripBlacklisted(policy, scope, part);
    count += gone.length;
    return left;
  };
  const { user_metadata, app_metadata } = strip({
    user_metadata: mapped.userMetadata,
    app_metadata: mapped.appMetadata,
  });
  return {
    mapped: {
      userId: subjectOf(mapping, claims),
      root: strip(mapped.root),
      userMetadata: user_metadata,
      appMetadata: app_metadata,
      attributes: strip({ attributes: strip(mapped.attributes) }).attributes,
    },
    stripped: count,
  };
}

/** The targets that a list stops: named itself, or through a claim that means it. */
function deniedTargets(mapping: ProviderMapping, names: readonly (readonly string[])[]): ReadonlySet<string> {
  const isListed = (path: readonly string[]): boolean =>
    names.some((name) => relatePath(name, path) === 'covers');
  return new Set(
    Object.entries(mapping.attributes)
      .filter(
        ([target, { claims }]) =>
          isListed(segmentsOf(target)) || claims.some((claim) => isListed(memberPath([], claim))),
      )
      .map(([target]) => target),
  );
}

/** What a mapping makes of listed names. */
export interface MappedNames {
  /** Attributes that listed claims become; those that are listed themselves are left out. */
  readonly attributes: readonly string[];
  /** Every claim that means a listed attribute. */
  readonly claims: readonly string[];
}

/** The names under which a connection may have stored what is listed, beside the listed names. */
export function mappedNames(mapping: ProviderMapping, listed: readonly string[]): MappedNames {
  const names = listed.map(segmentsOf);
  const targets = [...deniedTargets(mapping, names)];
  const isListed = (target: string): boolean =>
    names.some((name) => relatePath(name, segmentsOf(target)) === 'covers');
  return {
    attributes: targets.filter((target) => !isListed(target)),
    claims: [...new Set(targets.flatMap((target) => mapping.attributes[target]?.claims ?? []))],
  };
}

/** The object without what these claims hold, or null when it holds nothing of them. */
export function withoutClaims<Content extends object>(
  content: Content,
  claims: readonly string[],
): Content | null {
  const kept = { ...content } as Record<string, unknown>;
  for (const name of claims) {
    const found = claimValue(kept, name);
    if (found) delete kept[found.claim];
  }
  return Object.keys(kept).length < Object.keys(content).length ? (kept as Content) : null;
}

/** A connection as far as its claims are concerned. */
export interface MappedConnection {
  readonly name: string;
  readonly mapping: ProviderMapping;
}

/**
 * The blacklist with the other names that its claims have: where `surname` is listed, `family_name` is listed too for each connection
 * whose `surname` becomes `family_name`. So an attribute that came in under a listed claim is hidden, refused and purged as well.
 */
export function withAliases(
  entries: readonly BlacklistEntry[],
  connections: readonly MappedConnection[],
): readonly BlacklistEntry[] {
  const added: BlacklistEntry[] = [];
  for (const { name: connection, mapping } of connections) {
    const own = entries.filter(
      ({ scope, scopeId }) => scope === 'TENANT' || (scope === 'CONNECTION' && scopeId === connection),
    );
    for (const target of deniedTargets(
      mapping,
      own.map(({ name }) => segmentsOf(name)),
    )) {
      const path = segmentsOf(target);
      // What is listed for the whole tenant needs no entry for the connection.
      if (own.some(({ name }) => relatePath(segmentsOf(name), path) === 'covers')) continue;
      added.push({ scope: 'CONNECTION', scopeId: connection, name: path.join('.') });
    }
  }
  return added.length === 0 ? entries : [...entries, ...added];
}
