import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { Auth, WithParent } from '#src/access/decorators';
import type { DomainRow } from '#src/features/organizations/domains/domain.repository';
import { connectionType } from '#src/graphql/connection';
import { DateTimeScalar } from '#src/graphql/scalars';
import type { Instant } from '#src/shared/clock';

export enum DomainStatus {
  PENDING = 'PENDING',
  VERIFIED = 'VERIFIED',
}
registerEnumType(DomainStatus, {
  name: 'DomainStatus',
  description: 'Whether an organization has proven that a domain is its own.',
  valuesConfig: {
    PENDING: { description: 'Not yet: the domain has no effect.' },
    VERIFIED: { description: 'The DNS has proven it.' },
  },
});

/** `verificationHost` is computed: see `domain.resolver.ts`. */
@ObjectType('Domain', { description: 'A mail domain of an organization.' })
@Auth({ permissions: [['read:organization_domains']] })
export class DomainType implements Omit<DomainRow, 'organizationId' | 'status'> {
  @Field(() => ID, { nullable: true, description: 'Its id.' })
  id!: string;

  @Field(() => String, {
    nullable: true,
    description: 'The part of e-mail addresses behind the "@", in ASCII.',
  })
  domain!: string;

  @Field(() => DomainStatus, { nullable: true, description: 'Whether it is proven.' })
  status!: DomainStatus;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether sign-in pages find the organization by addresses of this domain.',
  })
  useForOrganizationDiscovery!: boolean;

  @Field(() => String, { nullable: true, description: 'The value of the TXT record that proves the domain.' })
  verificationTxt!: string;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was named.' })
  createdAt!: Instant;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it last changed.' })
  updatedAt!: Instant;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When the DNS was last asked.' })
  lastCheckedAt!: Instant | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was proven.' })
  verifiedAt!: Instant | null;
}

export const DomainConnectionType = connectionType(DomainType, 'Domain');

@ObjectType('CreateOrganizationDomainPayload', { description: 'The domain that was named.' })
@WithParent()
export class CreateOrganizationDomainPayload {
  @Field(() => DomainType, {
    nullable: true,
    description: 'The domain; it has no effect until it is proven.',
  })
  domain!: DomainRow;
}

@ObjectType('UpdateOrganizationDomainPayload', { description: 'The domain that was changed.' })
@WithParent()
export class UpdateOrganizationDomainPayload {
  @Field(() => DomainType, { nullable: true, description: 'The domain as it is now.' })
  domain!: DomainRow;
}

@ObjectType('VerifyOrganizationDomainPayload', { description: 'What the DNS says of a domain.' })
@WithParent()
export class VerifyOrganizationDomainPayload {
  @Field(() => DomainType, { nullable: true, description: 'The domain as it is now.' })
  domain!: DomainRow;

  @Field(() => String, { nullable: true, description: 'What is missing; null when the domain is proven.' })
  problem!: string | null;
}

@ObjectType('DeleteOrganizationDomainPayload', { description: 'The domain that was removed.' })
@WithParent()
export class DeleteOrganizationDomainPayload {
  @Field(() => ID, { description: 'The id of the removed domain.' })
  deletedId!: string;
}
