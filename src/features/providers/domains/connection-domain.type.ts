import { Field, ID, ObjectType } from 'type-graphql';
import { Auth, WithParent } from '#src/access/decorators';
import { DateTimeScalar } from '#src/graphql/scalars';
import type { Instant } from '#src/shared/clock';
import type { ConnectionDomainRow } from './connection-domain.repository';

/** `verificationHost` is computed: see `connection-domain.resolver.ts`. */
@ObjectType('ConnectionDomain', { description: 'A mail domain whose people sign in through a connection.' })
@Auth({ permissions: [['read:connections']] })
export class ConnectionDomainType implements Omit<ConnectionDomainRow, 'connectionId'> {
  @Field(() => ID, { nullable: true, description: 'Its id.' })
  id!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'The part of e-mail addresses behind the "@", in ASCII. Subdomains are domains of their own.',
  })
  domain!: string;

  @Field(() => String, { nullable: true, description: 'The value of the TXT record that proves the domain.' })
  verificationTxt!: string;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was named.' })
  createdAt!: Instant;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When the DNS was last asked.' })
  lastCheckedAt!: Instant | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When it was proven; null: not yet, and it has no effect.',
  })
  verifiedAt!: Instant | null;
}

@ObjectType('CreateConnectionDomainPayload', { description: 'The domain that was named.' })
@WithParent()
export class CreateConnectionDomainPayload {
  @Field(() => ConnectionDomainType, {
    nullable: true,
    description: 'The domain; no effect until it is proven.',
  })
  domain!: ConnectionDomainRow;
}

@ObjectType('VerifyConnectionDomainPayload', { description: 'What the DNS says of a domain.' })
@WithParent()
export class VerifyConnectionDomainPayload {
  @Field(() => ConnectionDomainType, { nullable: true, description: 'The domain as it is now.' })
  domain!: ConnectionDomainRow;

  @Field(() => String, { nullable: true, description: 'What is missing; null when the domain is proven.' })
  problem!: string | null;
}

@ObjectType('DeleteConnectionDomainPayload', { description: 'The domain that was removed.' })
@WithParent()
export class DeleteConnectionDomainPayload {
  @Field(() => ID, { description: 'The id of the removed domain.' })
  deletedId!: string;
}
