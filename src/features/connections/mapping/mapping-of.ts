import { commonErrors } from '#src/shared/errors';
import { enterpriseProviders, openIdConnect } from './enterprise-providers';
import {
  isMappableAttribute,
  isTruth,
  neverGiven,
  type AttributeSourceMapping,
  type ProviderMapping,
} from './mapping';
import { ownProviders } from './own-providers';
import { socialProviders } from './social-providers';
import { transforms, type Shape } from './transform';

/** The claims of every provider that is known, as data. */
export const providerMappings: Readonly<Record<string, ProviderMapping>> = {
  ...ownProviders,
  ...socialProviders,
  ...enterpriseProviders,
};

/** What an operator configures for one attribute: a claim, several, or all that the protocols need. */
interface ConfiguredAttribute {
  readonly claims: readonly string[] | null;
  readonly isRequired: boolean;
  readonly shape: Shape;
}

/** A checked mapping configuration. */
export interface ConfiguredMapping {
  readonly userId: readonly string[] | null;
  readonly attributes: Readonly<Record<string, ConfiguredAttribute>>;
}

const mostAttributes = 44;
const mostClaims = 4;
const longestClaim = 2048;

/**
 * The mapping of a connection: the table of its strategy, with the attributes that its configuration names replaced. A strategy without
 * a table is read as OpenID Connect.
 */
export function mappingOf(strategy: string, configuration: unknown): ProviderMapping {
  const table = providerMappings[strategy] ?? openIdConnect;
  if (configuration === undefined || configuration === null) return table;
  const { userId, attributes } = checkMapping(configuration, strategy);
  const configured = Object.entries(attributes).map(([target, { claims, isRequired, shape }]) => {
    const base: AttributeSourceMapping = claims ? { claims } : (table.attributes[target] ?? { claims: [] });
    return [target, { ...base, ...shape, isRequired }] as const;
  });
  return {
    ...table,
    userId: userId ?? table.userId,
    attributes: { ...table.attributes, ...Object.fromEntries(configured) },
  };
}

/**
 * Checks a mapping configuration. Two forms are taken: `{family_name: "surname"}` or `{email: ["mail", "email"]}`, the form that SAML
 * connections know, and `{user_id: …, attributes: {family_name: {oidc_mapping: {mapping}, saml_mapping: […], strategy_overrides: …}}}`.
 * At most 44 attributes, 4 claims each, 2,048 characters a claim. An entry
 * `{claims, transform, multi}` says in which shape the value is kept; the user's id has none. Refuses with VALIDATION_FAILED and the place.
 */
export function checkMapping(configuration: unknown, strategy: string): ConfiguredMapping {
  const whole = asObject(configuration, 'attributeMapping');
  const { user_id: userId, attributes = undefined, ...simple } = whole;
  const entries = Object.entries(attributes === undefined ? simple : asObject(attributes, 'attributes'));
  if (attributes !== undefined && Object.keys(simple).length > 0) {
    throw invalid('attributeMapping', `does not know "${Object.keys(simple)[0]?.slice(0, 100)}".`);
  }
  if (entries.length > mostAttributes)
    throw invalid('attributeMapping', `maps at most ${mostAttributes} attributes.`);
  return {
    userId: userId === undefined ? null : claimsOf(userId, strategy, userIdPlace).claims,
    attributes: Object.fromEntries(
      entries.map(([target, entry]) => [checkTarget(target), claimsOf(entry, strategy, target)]),
    ),
  };
}

const userIdPlace = 'user_id';
const metadataTarget = /^(user|app)_metadata\.[^.$]{1,255}$/;
const plainTarget = /^[A-Za-z][A-Za-z0-9_]{0,99}$/;

function checkTarget(target: string): string {
  if (isMappableAttribute(target) || metadataTarget.test(target)) return target;
  if (plainTarget.test(target) && !neverGiven.has(target)) return target;
  throw invalid(
    target.slice(0, 100),
    'is not an attribute that a provider can give: name a root attribute, app_metadata.<name>, user_metadata.<name> or a new name.',
  );
}

function claimsOf(entry: unknown, strategy: string, target: string): ConfiguredAttribute {
  if (typeof entry === 'string' || Array.isArray(entry))
    return { claims: checkClaims(entry, target), isRequired: false, shape: {} };
  const rich = asObject(entry, target);
  const overrides = rich['strategy_overrides'];
  const override = asObject(asObject(overrides ?? {}, target)[strategy] ?? {}, target);
  const chosen = protocolClaims(override, strategy, target) ?? protocolClaims(rich, strategy, target);
  return {
    claims: chosen === null ? null : checkClaims(chosen, target),
    isRequired: rich['profile_required'] === true,
    shape: checkShape(
      override['transform'] ?? rich['transform'] ?? undefined,
      override['multi'] ?? rich['multi'] ?? undefined,
      target,
    ),
  };
}

/** The shape, for the kind of attribute: a root attribute is one text, or true or false. */
function checkShape(wanted: unknown, multi: unknown, target: string): Shape {
  const transform = transforms.find((known) => known === wanted);
  if (wanted !== undefined && transform === undefined)
    throw invalid(target, `has a transform that is none of ${transforms.join(', ')}.`);
  if (multi !== undefined && typeof multi !== 'boolean')
    throw invalid(target, 'has a "multi" that is neither true nor false.');
  // SECURITY: two accounts there whose ids differ in case or blanks would become one user here.
  if (target === userIdPlace && (transform !== undefined || multi !== undefined))
    throw invalid(target, 'is taken as the provider sends it: it has neither "transform" nor "multi".');
  if (isMappableAttribute(target)) {
    if (multi === true) throw invalid(target, 'holds one value: "multi" is for other attributes.');
    if (transform !== undefined && isTruth(target) !== (transform === 'BOOLEAN'))
      throw invalid(target, `cannot be made with ${transform}.`);
  }
  return { ...(transform ? { transform } : {}), ...(multi === undefined ? {} : { multi }) };
}

const samlStrategies = new Set(['samlp', 'adfs']);

/** What the protocol of the strategy reads; null where the entry says nothing about it. */
function protocolClaims(entry: Readonly<Record<string, unknown>>, strategy: string, target: string): unknown {
  if (samlStrategies.has(strategy)) return entry['saml_mapping'] ?? entry['claims'] ?? null;
  const oidc = entry['oidc_mapping'];
  if (oidc === undefined || oidc === null) return entry['claims'] ?? null;
  return typeof oidc === 'string' ? oidc : (asObject(oidc, target)['mapping'] ?? null);
}

function checkClaims(value: unknown, target: string): readonly string[] {
  const claims: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (claims.length < 1 || claims.length > mostClaims)
    throw invalid(target, `is mapped from 1 to ${mostClaims} claims.`);
  return claims.map((claim) => {
    if (typeof claim === 'string' && claim.length > 0 && claim.length <= longestClaim) return claim;
    throw invalid(target, `is mapped from claims with names of 1 to ${longestClaim} characters.`);
  });
}

function asObject(value: unknown, at: string): Readonly<Record<string, unknown>> {
  if (value !== null && typeof value === 'object' && !Array.isArray(value))
    return value as Readonly<Record<string, unknown>>;
  throw invalid(at.slice(0, 100), 'must be an object, a claim name or a list of claim names.');
}

function invalid(place: string, problem: string): Error {
  return commonErrors.VALIDATION_FAILED({
    message: `${place} ${problem}`,
    extensions: { field: 'attributeMapping', path: place },
  });
}
