import { asId, asText, asTruth, claimValue, isEmpty } from './claim-value';
import {
  isMappableAttribute,
  isTruth,
  neverGiven,
  protocolClaims,
  type AttributeSourceMapping,
  type MappableAttribute,
  type ProviderMapping,
} from './mapping';
import { shaped } from './transform';

export type Claims = Readonly<Record<string, unknown>>;

/** What a provider says about a person, in the words of this gateway. */
export interface MappedClaims {
  /** The user's id at the provider, without the provider's name; null where no claim holds one. */
  readonly userId: string | null;
  /** Root attributes under their stored names; one that the provider did not send is absent. */
  readonly root: Readonly<Partial<Record<MappableAttribute, string | boolean>>>;
  readonly userMetadata: Claims;
  readonly appMetadata: Claims;
  /** Everything else: kept as it is, under its own or a configured name. */
  readonly attributes: Claims;
}

/**
 * Turns the claims of a provider into a profile. Pure: nothing is checked, stripped or stored here; `mapAllowedClaims` applies a
 * blacklist around it, and whoever stores the result checks the values.
 */
export function mapClaims(mapping: ProviderMapping, claims: Claims): MappedClaims {
  const root: Record<string, string | boolean> = {};
  const userMetadata: Record<string, unknown> = {};
  const appMetadata: Record<string, unknown> = {};
  const named: Record<string, unknown> = {};
  const used = new Set<string>();
  for (const [target, sources] of Object.entries(mapping.attributes)) {
    sources.claims.forEach((name) => used.add(claimValue(claims, name)?.claim ?? ''));
    const value = targetValue(target, sources, claims);
    if (value === null) continue;
    const [store = '', member = ''] = target.split('.', 2);
    if (isMappableAttribute(target)) root[target] = value as string | boolean;
    else if (store === 'user_metadata') userMetadata[member] = value;
    else if (store === 'app_metadata') appMetadata[member] = value;
    else named[target] = value;
  }
  return {
    userId: firstId(claims, mapping.userId),
    root,
    userMetadata,
    appMetadata,
    attributes: { ...passedThrough(mapping, claims, used), ...named },
  };
}

/** The id that the claims hold; a blacklist does not reach it. */
export function subjectOf(mapping: ProviderMapping, claims: Claims): string | null {
  return firstId(claims, mapping.userId);
}

function firstId(claims: Claims, names: readonly string[]): string | null {
  for (const name of names) {
    const id = asId(claimValue(claims, name)?.value);
    if (id !== null) return id;
  }
  return null;
}

function targetValue(
  target: string,
  { claims: names, instead = [], ...shape }: AttributeSourceMapping,
  claims: Claims,
) {
  for (const name of [...names, ...instead]) {
    const value = shaped(claimValue(claims, name)?.value, shape);
    if (value === null) continue;
    if (isTruth(target)) {
      const truth = asTruth(value);
      if (truth !== null) return truth;
    } else if (isMappableAttribute(target)) {
      const text = asText(value);
      if (text !== null) return text;
    } else return value;
  }
  return null;
}

function passedThrough(mapping: ProviderMapping, claims: Claims, used: ReadonlySet<string>): Claims {
  const kept: [string, unknown][] = [];
  const taken = new Set<string>();
  for (const [claim, value] of Object.entries(claims)) {
    if (isEmpty(value) || !isKept(mapping, claim, used)) continue;
    const short = mapping.shortensNames ? lastSegment(claim) : claim;
    const name = taken.has(short) || Object.hasOwn(claims, short) ? claim : short;
    // SECURITY: a claim must not pass for an attribute of its own only because of its name.
    if (neverGiven.has(name) || isMappableAttribute(name)) continue;
    taken.add(name);
    kept.push([name, value]);
  }
  return Object.fromEntries(kept);
}

function isKept(mapping: ProviderMapping, claim: string, used: ReadonlySet<string>): boolean {
  if (mapping.onlyKeeps) return mapping.onlyKeeps.includes(claim);
  if (mapping.alsoKeeps?.includes(claim)) return true;
  return !used.has(claim) && !mapping.userId.includes(claim) && !protocolClaims.has(claim);
}

function lastSegment(claim: string): string {
  if (!/^[A-Za-z][\w+-]*:\/\//.test(claim)) return claim;
  return (
    claim
      .split(/[/#]/)
      .filter((part) => part !== '')
      .at(-1) ?? claim
  );
}
