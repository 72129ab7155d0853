import { Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import { WithParent } from '#src/access/decorators';
import { JobType } from '#src/features/jobs/job.type';

export enum BlacklistScopeEnum {
  TENANT = 'TENANT',
  CONNECTION = 'CONNECTION',
  ORGANIZATION = 'ORGANIZATION',
}
registerEnumType(BlacklistScopeEnum, {
  name: 'BlacklistScope',
  description: 'Whose data a blacklist concerns.',
  valuesConfig: {
    TENANT: { description: 'Everybody’s.' },
    CONNECTION: { description: 'Of users with an identity of one connection.' },
    ORGANIZATION: { description: 'Of the members of one organization.' },
  },
});

/** Every list is a field of its own: see `blacklist.resolver.ts`. */
@ObjectType('AttributeBlacklist', { description: 'The attributes that are neither kept nor shown.' })
@WithParent()
export class AttributeBlacklistType {
  @Field(() => [String], { nullable: true, description: 'The names for everybody’s data.' })
  tenant!: string[];
}

@ObjectType('BlacklistRejection', { description: 'A name that was not taken.' })
@WithParent()
export class BlacklistRejectionType {
  @Field(() => String, { description: 'The name as it was given.' })
  name!: string;

  @Field(() => String, { description: 'Why: `ATTRIBUTE_NOT_BLACKLISTABLE`.' })
  code!: string;

  @Field(() => String, { description: 'What is wrong with the name, for people.' })
  message!: string;
}

@ObjectType('AddBlacklistedAttributesPayload', { description: 'What became of the names.' })
@WithParent()
export class AddBlacklistedAttributesPayload {
  @Field(() => AttributeBlacklistType, { nullable: true, description: 'All lists as they are now.' })
  blacklist!: object;

  @Field(() => [String], { nullable: true, description: 'The changed list as it is now.' })
  names!: string[];

  @Field(() => Int, {
    nullable: true,
    description:
      'Of how many users something stored was removed until now; of all concerned once `job` is COMPLETED.',
  })
  purgedUsers!: number;

  @Field(() => JobType, {
    nullable: true,
    description: 'The removal of what is stored. Small ones are complete with this answer; null without one.',
  })
  job!: object | null;

  @Field(() => [BlacklistRejectionType], { nullable: true, description: 'Names that cannot be listed.' })
  rejected!: BlacklistRejectionType[];
}

@ObjectType('RemoveBlacklistedAttributesPayload', { description: 'The list without the names.' })
@WithParent()
export class RemoveBlacklistedAttributesPayload {
  @Field(() => AttributeBlacklistType, { nullable: true, description: 'All lists as they are now.' })
  blacklist!: object;

  @Field(() => [String], { nullable: true, description: 'The changed list as it is now.' })
  names!: string[];
}
