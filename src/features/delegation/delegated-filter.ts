import type { Principal } from '#src/access/principal';
import type { DelegationConfig } from '#src/config/delegation';
import { levelOf } from '#src/features/delegation/delegation-level';
import { compileCondition, type Actor } from '#src/features/delegation/hooks/condition';
import type { AccessRule } from '#src/features/delegation/hooks/hook-definition';
import { hooksInForce } from '#src/features/delegation/hooks/hooks-in-force';
import { userFilter } from '#src/features/search/filter-of-reach';
import { allOf, anyOf, everything, negate, nothing, type Predicate } from '#src/features/search/predicate';
import type { ReachRequest, UserFilter } from '#src/features/users/reach/reach';

const administrator = 3;

/** Hooks of whose scopes hold for a caller: none for who configures the deployment, the deployment's for who configures an organization. */
export function governingHooks({ principal, policy }: ReachRequest): ReturnType<typeof hooksInForce> {
  const level = levelOf(principal.permissions);
  const { organizationId } = principal;
  if (level === administrator) return organizationId === null ? [] : hooksInForce(policy, null);
  return hooksInForce(policy, organizationId);
}

export function actorOf({ userId, organizationId }: Principal): Actor {
  return { userId, organizationId };
}

/**
 * What narrows the users that a delegated administrator reaches; null: nothing does.
 * SECURITY: without a filter whoever does not configure reaches nobody, and a hook that cannot be understood lets nobody through.
 */
export function delegatedFilter(request: ReachRequest, config: DelegationConfig): UserFilter | null {
  const { principal, policy } = request;
  const level = levelOf(principal.permissions);
  if (level === null) return null;
  if (level === administrator && principal.organizationId === null) return null;
  if (policy.unavailable) return userFilter(nothing, principal.organizationId);
  const hooks = governingHooks(request);
  const actor = actorOf(principal);
  const filters = hooks.flatMap(({ FILTER }) => (FILTER === undefined ? [] : [FILTER]));
  const isOpen = level === administrator || config.defaultVisibility === 'ALL';
  if (filters.length === 0 && !isOpen) return userFilter(nothing, principal.organizationId);
  const conditions = [
    ...filters.map(({ definition }) =>
      definition === null ? nothing : compileCondition(definition.where, actor),
    ),
    ...hooks.map(({ ACCESS }) =>
      ACCESS === undefined
        ? everything
        : ACCESS.definition === null
          ? nothing
          : allowed(ACCESS.definition.rules, 'read:user', actor),
    ),
  ];
  const predicate = allOf(conditions);
  return predicate.kind === 'true' ? null : userFilter(predicate, principal.organizationId);
}

/** The users on whom the rules of one hook allow an action: a DENY wins, and where there is an ALLOW one has to hold. */
export function allowed(rules: readonly AccessRule[], action: string, actor: Actor): Predicate {
  const about = rules.filter((rule) => rule.effect !== 'REDACT' && rule.actions.includes(action as never));
  const whens = (effect: AccessRule['effect']): Predicate[] =>
    about
      .filter((rule) => rule.effect === effect)
      .map(({ when }) => (when === null ? everything : compileCondition(when, actor)));
  const allows = whens('ALLOW');
  return allOf([...whens('DENY').map(negate), ...(allows.length === 0 ? [] : [anyOf(allows)])]);
}
