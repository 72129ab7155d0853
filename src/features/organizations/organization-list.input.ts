import { ArgsType, Field } from 'type-graphql';
import { PageArgs } from '#src/graphql/page-arguments.type';

@ArgsType()
export class OrganizationListArgs extends PageArgs {
  @Field(() => String, {
    nullable: true,
    description:
      'Up to 3 characters: only the organization of exactly this name; more: names that hold this text, at most 50 of them.',
  })
  name?: string | null;
}
