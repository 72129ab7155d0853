import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Attribute, Auth } from '#src/access/decorators';
import type { InvitationRow } from '#src/features/organizations/invitations/invitation.repository';
import { connectionType } from '#src/graphql/connection';
import { DateTimeScalar } from '#src/graphql/scalars';
import type { Instant } from '#src/shared/clock';

export enum InvitationStatus {
  PENDING = 'PENDING',
  ACCEPTED = 'ACCEPTED',
  EXPIRED = 'EXPIRED',
  REVOKED = 'REVOKED',
}
registerEnumType(InvitationStatus, {
  name: 'InvitationStatus',
  description: 'How an invitation stands.',
  valuesConfig: {
    PENDING: { description: 'It can be accepted.' },
    ACCEPTED: { description: 'It was accepted.' },
    EXPIRED: { description: 'Nobody accepted it in time.' },
    REVOKED: { description: 'It was taken back, or replaced by a newer one.' },
  },
});

const readInvitations = () => Auth({ permissions: [['read:organization_invitations']] });

@ObjectType('Invitee', { description: 'Who is invited.' })
@readInvitations()
export class InviteeType {
  /** SECURITY: it is the address of the user who accepts. */
  @Attribute('email')
  @Field(() => String, { nullable: true, description: 'The e-mail address.' })
  email!: string;
}

@ObjectType('Inviter', { description: 'Who invites.' })
@readInvitations()
export class InviterType {
  @Field(() => String, { nullable: true, description: 'The name that the message shows.' })
  name!: string;
}

/**
 * The other fields are in `invitation-fields.resolver.ts`.
 * SECURITY: neither the ticket nor its hash has a field here: only the answer to its maker holds it.
 */
@ObjectType('Invitation', {
  description: 'That somebody with a certain e-mail address may join an organization.',
})
@readInvitations()
export class InvitationType implements Pick<
  InvitationRow,
  'id' | 'clientId' | 'createdAt' | 'expiresAt' | 'sendCount'
> {
  @Field(() => ID, { nullable: true, description: 'Its id.' })
  id!: string;

  @Field(() => ID, { nullable: true, description: 'The application that it leads to.' })
  clientId!: string | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was made.' })
  createdAt!: Instant;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Until when it can be accepted.' })
  expiresAt!: Instant;

  @Field(() => Int, {
    nullable: true,
    description: 'How many tickets it has had: 1, and 1 more for each resend.',
  })
  sendCount!: number;
}

export const InvitationConnectionType = connectionType(InvitationType, 'Invitation');
