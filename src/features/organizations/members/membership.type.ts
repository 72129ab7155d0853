import { Field, ObjectType, registerEnumType } from 'type-graphql';
import { WithParent } from '#src/access/decorators';
import type { MembershipRow } from '#src/features/organizations/members/membership.repository';
import { connectionType } from '#src/graphql/connection';
import { DateTimeScalar } from '#src/graphql/scalars';
import type { Instant } from '#src/shared/clock';

export enum JoinSource {
  ADMINISTRATOR = 'ADMINISTRATOR',
  INVITATION = 'INVITATION',
  SIGN_IN = 'SIGN_IN',
  IMPORT = 'IMPORT',
}
registerEnumType(JoinSource, {
  name: 'JoinSource',
  description: 'How a user became a member of an organization.',
  valuesConfig: {
    ADMINISTRATOR: { description: 'Somebody with the permission added the user.' },
    INVITATION: { description: 'The user accepted an invitation.' },
    SIGN_IN: { description: 'The user signed in through a connection that makes its users members.' },
    IMPORT: { description: 'The membership came with imported data.' },
  },
});

/** `user`, `organization` and `roles` are edges: see `membership.resolver.ts`. */
@ObjectType('Membership', { description: 'That a user belongs to an organization.' })
@WithParent()
export class MembershipType implements Pick<MembershipRow, 'joinedAt'> {
  @Field(() => DateTimeScalar, { nullable: true, description: 'Since when.' })
  joinedAt!: Instant;

  @Field(() => JoinSource, { nullable: true, description: 'How the user became a member.' })
  joinedVia!: JoinSource;
}

export const MembershipConnectionType = connectionType(MembershipType, 'Membership');
