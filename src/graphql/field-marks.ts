import type { GraphQLField } from 'graphql';
import { Extensions } from 'type-graphql';

/** For a mutation that says itself whether it is use of the session; every other operation puts off the end of its session. */
export function SaysItsUse(): MethodDecorator {
  return Extensions({ saysItsUse: true });
}

export function saysItsUse(field: Pick<GraphQLField<unknown, unknown>, 'extensions'>): boolean {
  return field.extensions['saysItsUse'] === true;
}
