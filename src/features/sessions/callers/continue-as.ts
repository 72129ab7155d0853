import { GateKeeper } from '#src/access/gate';
import type { Principal } from '#src/access/principal';
import { objectFactsByUser } from '#src/features/users/reach/object-facts.loader';
import { createLoaders, type RequestContext } from '#src/graphql/request-context';

type Changeable = { -readonly [member in 'principal' | 'gate' | 'load']: RequestContext[member] };

/**
 * Goes on with a request as another caller: the answer of a sign-in is read under the rights of who signed in. Refusals recorded
 * so far stay part of the answer. SECURITY: what was loaded for the caller before is forgotten, and loaders ask who calls now; Apollo
 * hands resolvers a copy of the context that the first loaders were made for.
 */
export function continueAs(context: RequestContext, principal: Principal): void {
  const { gate: before, policy, clock } = context;
  const keeper = new GateKeeper(before.rules, clock, before.maskKey);
  const gate = keeper.gateFor({ principal, policy }, (ownerId) =>
    context.load(objectFactsByUser).load(ownerId),
  );
  for (const [coordinate, entry] of before.denials.entries) gate.denials.entries.set(coordinate, entry);
  for (const coordinate of before.denials.masked) gate.denials.masked.add(coordinate);
  const load = createLoaders(() => context);
  Object.assign(context as Changeable, { principal, gate, load });
}
