import { decide, type ObjectFacts } from '#src/access/decide';
import type { MayRead } from './profile-defaults';
import type { RequestContext } from '#src/graphql/request-context';

/** Calls `compute` with the caller's right to read each attribute of one user; waits only when a stored rule asks for facts. */
export function mayReadOf<Value>(
  context: RequestContext,
  user: { readonly id: string },
  compute: (mayRead: MayRead) => Value,
): Value | Promise<Value> {
  const facts = context.gate.factsOf(user.id, null);
  const withFacts = (known: ObjectFacts): Value =>
    compute((path) => decide(context, 'READ', path, known) === 'ALLOW');
  return facts instanceof Promise ? facts.then(withFacts) : withFacts(facts);
}
