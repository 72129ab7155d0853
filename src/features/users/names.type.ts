import { Field, InputType } from 'type-graphql';
import { Attribute } from '#src/access/decorators';

/** How a person is called and pictured, in every input that writes it: of operators and of users themselves. */
@InputType()
export abstract class NamesInput {
  @Attribute('name')
  @Field(() => String, { nullable: true, description: '1 to 150 characters.' })
  name?: string | null;

  @Attribute('given_name')
  @Field(() => String, { nullable: true, description: '1 to 150 characters.' })
  givenName?: string | null;

  @Attribute('family_name')
  @Field(() => String, { nullable: true, description: '1 to 150 characters.' })
  familyName?: string | null;

  @Attribute('nickname')
  @Field(() => String, { nullable: true, description: '1 to 350 characters.' })
  nickname?: string | null;

  @Attribute('picture')
  @Field(() => String, { nullable: true, description: 'An https URL of at most 2,048 characters.' })
  picture?: string | null;
}
