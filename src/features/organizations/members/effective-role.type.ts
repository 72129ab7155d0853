import { Field, ObjectType, registerEnumType } from 'type-graphql';
import { WithParent } from '#src/access/decorators';

export enum RoleSourceKind {
  DIRECT = 'DIRECT',
}
registerEnumType(RoleSourceKind, {
  name: 'RoleSourceKind',
  description: 'How a member came to a role.',
  valuesConfig: { DIRECT: { description: 'It was given to this membership.' } },
});

@ObjectType('RoleSource', { description: 'One way in which a member came to a role.' })
@WithParent()
export class RoleSourceType {
  @Field(() => RoleSourceKind, { nullable: true, description: 'How.' })
  kind!: RoleSourceKind;
}

/** `role` is an edge: see `effective-role.resolver.ts`. */
@ObjectType('EffectiveRole', { description: 'A role in force for a member, and every way in which it came.' })
@WithParent()
export class EffectiveRoleType {
  @Field(() => [RoleSourceType], { nullable: true, description: 'Every way in which the member came to it.' })
  sources!: readonly RoleSourceType[];
}
