import { Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Auth, WithParent } from '#src/access/decorators';
import { connectionType } from '#src/graphql/connection';
import { NodeType } from '#src/graphql/node';
import { DateTimeScalar } from '#src/graphql/scalars';
import type { Instant } from '#src/shared/clock';
import type { OrganizationRow } from './organization.repository';

export enum ThirdPartyClientAccess {
  DENY = 'DENY',
  ALLOW = 'ALLOW',
}
registerEnumType(ThirdPartyClientAccess, {
  name: 'ThirdPartyClientAccess',
  description: 'Whether applications of others may be used for an organization.',
  valuesConfig: {
    DENY: { description: 'They may not.' },
    ALLOW: { description: 'They may.' },
  },
});

@ObjectType('KeyValue', { description: 'A key with its value.' })
@WithParent()
export class KeyValueType {
  @Field(() => String, { description: 'The key.' })
  key!: string;

  @Field(() => String, { description: 'The value.' })
  value!: string;
}

@ObjectType('OrganizationColors', { description: 'The colors of an organization’s pages.' })
@WithParent()
export class OrganizationColorsType {
  @Field(() => String, { nullable: true, description: 'Color of buttons and links: `#1a2b3c`.' })
  primary!: string;

  @Field(() => String, { nullable: true, description: 'Color behind the page.' })
  pageBackground!: string;
}

@ObjectType('OrganizationBranding', { description: 'How an organization’s pages look.' })
@WithParent()
export class OrganizationBrandingType {
  @Field(() => String, { nullable: true, description: 'An https URL; 200 by 200 pixels look best.' })
  logoUrl!: string | null;

  @Field(() => OrganizationColorsType, { nullable: true, description: 'Both colors, or none.' })
  colors!: OrganizationColorsType | null;
}

@ObjectType('OrganizationTokenQuota', {
  description: 'How many tokens the machines of an organization may get.',
})
@WithParent()
export class OrganizationTokenQuotaType {
  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether more are refused (RATE_LIMITED); false: only logged, and noted in the audit record of the exchange.',
  })
  enforce!: boolean;

  @Field(() => Int, { nullable: true, description: 'Tokens in an hour; null: any number.' })
  perHour!: number | null;

  @Field(() => Int, { nullable: true, description: 'Tokens in a day; null: any number.' })
  perDay!: number | null;
}

@ObjectType('Organization', {
  implements: NodeType,
  description: 'A group of users, such as a customer, with roles of its own.',
})
@WithParent()
export class OrganizationType
  extends NodeType
  implements
    Pick<
      OrganizationRow,
      | 'id'
      | 'name'
      | 'displayName'
      | 'appEntitlementActive'
      | 'tokenQuota'
      | 'createdAt'
      | 'updatedAt'
      | 'version'
    >
{
  @Field(() => String, { nullable: true, description: 'Its unique name in addresses: `acme`.' })
  name!: string;

  @Field(() => String, { nullable: true, description: 'Its name for people.' })
  displayName!: string | null;

  @Auth({ permissions: [['read:organizations']] })
  @Field(() => ThirdPartyClientAccess, {
    nullable: true,
    description: 'Whether applications of others may be used for it.',
  })
  thirdPartyClientAccess!: ThirdPartyClientAccess;

  @Auth({ permissions: [['read:organizations']] })
  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether only applications that were granted to it may be used; false: all.',
  })
  appEntitlementActive!: boolean;

  @Auth({ permissions: [['read:organizations']] })
  @Field(() => OrganizationTokenQuotaType, {
    nullable: true,
    description:
      'How many tokens machines may get for it by `exchangeClientCredentials`, in an hour and a day that begin in UTC. Null: any number, and nothing is counted.',
  })
  tokenQuota!: OrganizationTokenQuotaType | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was created.' })
  createdAt!: Instant;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it last changed.' })
  updatedAt!: Instant;

  @Auth({ permissions: [['read:organizations']] })
  @Field(() => Int, { nullable: true, description: 'Raised with each change, for `ifVersion`.' })
  version!: number;
}

export const OrganizationConnectionType = connectionType(OrganizationType, 'Organization');
