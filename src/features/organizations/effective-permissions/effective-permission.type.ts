import { Field, ObjectType, registerEnumType } from 'type-graphql';
import { WithParent } from '#src/access/decorators';
import { connectionType } from '#src/graphql/connection';

/** Which permissions of a user are listed. */
export enum PermissionKind {
  EFFECTIVE = 'EFFECTIVE',
  DIRECT = 'DIRECT',
}
registerEnumType(PermissionKind, {
  name: 'PermissionKind',
  description: 'Which permissions of a user are listed.',
  valuesConfig: {
    EFFECTIVE: { description: 'All that are in force, directly, through roles or through groups.' },
    DIRECT: { description: 'Those given to the user directly.' },
  },
});

export enum PermissionSourceKind {
  DIRECT = 'DIRECT',
  ROLE = 'ROLE',
  GROUP = 'GROUP',
}
registerEnumType(PermissionSourceKind, {
  name: 'PermissionSourceKind',
  description: 'How a user came to a permission.',
  valuesConfig: {
    DIRECT: { description: 'It was given to the user.' },
    ROLE: { description: 'A role of the user holds it.' },
    GROUP: { description: 'A role holds it that a group of the user has, or a group above one.' },
  },
});

/** `role` is an edge: see `effective-permission.resolver.ts`. */
@ObjectType('PermissionSource', { description: 'One way in which a user came to a permission.' })
@WithParent()
export class PermissionSourceType {
  @Field(() => PermissionSourceKind, { description: 'Directly, through a role, or through a group.' })
  kind!: PermissionSourceKind;
}

/** `permission` and `resourceServer` are edges: see `effective-permission.resolver.ts`. */
@ObjectType('EffectivePermission', {
  description: 'A permission that a user has, and every way in which it came.',
})
@WithParent()
export class EffectivePermissionType {
  @Field(() => String, { nullable: true, description: 'Name of the permission: `read:invoices`.' })
  name!: string;

  @Field(() => String, { nullable: true, description: 'What it allows, for people.' })
  description!: string | null;

  @Field(() => [PermissionSourceType], {
    nullable: true,
    description: 'Every way in which the user came to it.',
  })
  sources!: PermissionSourceType[];
}

export const EffectivePermissionConnectionType = connectionType(
  EffectivePermissionType,
  'EffectivePermission',
);
