import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { WithParent } from '#src/access/decorators';
import { connectionType } from '#src/graphql/connection';
import { NodeType } from '#src/graphql/node';
import { DateTimeScalar } from '#src/graphql/scalars';
import type { Instant } from '#src/shared/clock';
import type { RoleRow } from './role.repository';

/** Where a role can be given. */
export enum RoleKind {
  TENANT = 'TENANT',
  ORGANIZATION = 'ORGANIZATION',
}
registerEnumType(RoleKind, {
  name: 'RoleType',
  description: 'Where a role can be given.',
  valuesConfig: {
    TENANT: { description: 'To users for the whole deployment, and to members of any organization.' },
    ORGANIZATION: { description: 'To members of the one organization that it belongs to.' },
  },
});

@ObjectType('Role', { implements: NodeType, description: 'A named set of permissions that users hold.' })
@WithParent()
export class RoleType
  extends NodeType
  implements
    Pick<
      RoleRow,
      'id' | 'name' | 'description' | 'organizationId' | 'applicationId' | 'createdAt' | 'updatedAt'
    >
{
  @Field(() => String, {
    nullable: true,
    description: 'Its name, unique where the role can be given, whatever the case.',
  })
  name!: string;

  @Field(() => String, { nullable: true, description: 'What the role is for.' })
  description!: string | null;

  @Field(() => RoleKind, { nullable: true, description: 'Where the role can be given.' })
  type!: RoleKind;

  @Field(() => ID, {
    nullable: true,
    description: 'The organization that an organization’s own role belongs to.',
  })
  organizationId!: string | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'The application that the role is for: it holds permissions of that application alone. Null: for all.',
  })
  applicationId!: string | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When the role was created.' })
  createdAt!: Instant;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When the role or its set of permissions last changed.',
  })
  updatedAt!: Instant;
}

export const RoleConnectionType = connectionType(RoleType, 'Role');
