import { Field, ObjectType, registerEnumType } from 'type-graphql';
import { WithParent } from '#src/access/decorators';

export enum RoleSourceKind {
  DIRECT = 'DIRECT',
  GROUP = 'GROUP',
}
registerEnumType(RoleSourceKind, {
  name: 'RoleSourceKind',
  description: 'How somebody came to a role.',
  valuesConfig: {
    DIRECT: { description: 'It was given to the user, or to this membership.' },
    GROUP: { description: 'A group has it that the user is in, or a group above one.' },
  },
});

@ObjectType('RoleSource', { description: 'One way in which somebody came to a role.' })
@WithParent()
export class RoleSourceType {
  @Field(() => RoleSourceKind, { nullable: true, description: 'How.' })
  kind!: RoleSourceKind;
}

/** `role` is an edge: see `effective-role.resolver.ts`. */
@ObjectType('EffectiveRole', { description: 'A role in force for somebody, and every way in which it came.' })
@WithParent()
export class EffectiveRoleType {
  @Field(() => [RoleSourceType], { nullable: true, description: 'Every way in which it came.' })
  sources!: readonly RoleSourceType[];
}
