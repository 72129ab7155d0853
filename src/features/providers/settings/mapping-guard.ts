import { isDeepStrictEqual } from 'node:util';
import { memberPath, segmentsOf } from '#src/access/attribute-path';
import { blacklistReach } from '#src/access/blacklist';
import type { Call } from '#src/access/call';
import { decideRules } from '#src/access/decide';
import { usesOf } from '#src/access/rule-match';
import { readConnectionOptions } from '#src/features/connections/connection-options';
import { mappingOf } from '#src/features/connections/mapping/mapping-of';
import type { AttributeSourceMapping, ProviderMapping } from '#src/features/connections/mapping/mapping';
import { commonErrors } from '#src/shared/errors';

/** A connection as far as its claims are concerned; `name` is null before it is there. */
export interface MappedSettings {
  readonly name: string | null;
  readonly strategy: string;
  readonly options: Readonly<Record<string, unknown>>;
}

type Options = MappedSettings['options'];

/** The attributes whose claims, or the shape of whose values, two settings of one strategy give differently. */
export function changedTargets(strategy: string, before: Options, after: Options): readonly string[] {
  const old = mapping(strategy, before);
  const wanted = mapping(strategy, after);
  const targets = [...new Set([...Object.keys(old.attributes), ...Object.keys(wanted.attributes)])];
  return targets.filter(
    (target) => !isDeepStrictEqual(meaning(old.attributes[target]), meaning(wanted.attributes[target])),
  );
}

/**
 * SECURITY: writing and reading by a provider's hands; a mapping writes an attribute of everybody who comes from there, and a claim that means a
 * hidden attribute can be kept under a name that is not hidden. So the caller may write and read each attribute whose mapping changes, and read
 * whatever else its claims mean; without facts, so that what is hidden of some users alone is refused as well.
 */
export function requireMappable(call: Call, before: MappedSettings, after: Options): void {
  const { strategy, options } = before;
  const targets = changedTargets(strategy, options, after);
  const isVerifiedChanged =
    readConnectionOptions(options).emailVerified !== readConnectionOptions(after).emailVerified;
  if (targets.length === 0 && !isVerifiedChanged) return;
  if (call.policy.unavailable) throw commonErrors.POLICY_UNAVAILABLE();
  const wanted = mapping(strategy, after);
  const known = [mapping(strategy, options), wanted];
  const written = [...targets, ...(isVerifiedChanged ? ['email_verified'] : [])];
  const read = targets.flatMap((target) => [
    segmentsOf(target),
    ...claimsOf(wanted.attributes[target]).flatMap((claim) => meanings(known, claim)),
  ]);
  const refused = [
    ...written.map(segmentsOf).filter((path) => !isOpen(call, 'WRITE', path)),
    ...read.filter((path) => !isOpen(call, 'READ', path)),
    ...targets.map(segmentsOf).filter((path) => isListed(call, before, path)),
  ];
  if (refused.length === 0) return;
  const paths = [...new Set(refused.map((path) => path.join('.')))];
  throw commonErrors.FORBIDDEN_ARGUMENT({ extensions: { input: 'input.attributeMapping', paths } });
}

function mapping(strategy: string, options: Options): ProviderMapping {
  return mappingOf(strategy, readConnectionOptions(options).attributeMapping);
}

/** Without what does not change a value: whether it is required. */
function meaning(source: AttributeSourceMapping | undefined): unknown {
  const { transform = null, multi = null } = source ?? {};
  return { claims: claimsOf(source), transform, multi };
}

function claimsOf(source: AttributeSourceMapping | undefined): readonly string[] {
  return [...(source?.claims ?? []), ...(source?.instead ?? [])];
}

/** Every attribute under which the value of a claim is known here: by its own name, or by the mapping. */
function meanings(known: readonly ProviderMapping[], claim: string): readonly (readonly string[])[] {
  const short = isUri(claim) ? claim.split(/[/#]/).findLast((part) => part !== '') : undefined;
  const names = short === undefined ? [claim] : [claim, short];
  const mapped = known.flatMap(({ attributes }) =>
    Object.entries(attributes)
      .filter(([, source]) => claimsOf(source).some((other) => rootOf(other) === rootOf(claim)))
      .map(([target]) => segmentsOf(target)),
  );
  return [
    ...mapped,
    ...names.flatMap((name) => [
      memberPath([], name),
      memberPath(['attributes'], name),
      memberPath(['identities', 'profile_data'], name),
    ]),
  ];
}

const isUri = (claim: string): boolean => /^[A-Za-z][\w+-]*:/.test(claim);

/** The claim that a name leads into: `emails` of `emails[primary].email`. */
function rootOf(claim: string): string {
  return isUri(claim) ? claim : (claim.split(/[.[\]]+/).find((step) => step !== '') ?? claim);
}

function isOpen(call: Call, action: 'READ' | 'WRITE', path: readonly string[]): boolean {
  const { decision } = decideRules(call, usesOf(action).own, path, undefined, false);
  return decision === 'ALLOW' || (action === 'WRITE' && decision === 'MASK');
}

/** SECURITY: what a listed claim was kept as is hidden because of the mapping; taking it away would show what is stored. */
function isListed(call: Call, { name }: MappedSettings, path: readonly string[]): boolean {
  if (call.principal.permissions.has('update:blacklist')) return false;
  const facts = { ownerId: null, connections: name === null ? [] : [name], organizations: [] };
  return blacklistReach(call.policy, 'READ', path, facts) === 'yes';
}
