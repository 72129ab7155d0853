import { Field, ObjectType } from 'type-graphql';
import { WithParent } from '#src/access/decorators';
import type { LinkSuggestion } from '#src/features/my-account/linking/link-suggestion.repository';

@ObjectType('LinkSuggestion', { description: 'An account that may belong to the same person.' })
@WithParent()
export class LinkSuggestionType implements Pick<LinkSuggestion, 'connection'> {
  @Field(() => String, { description: 'Name of the connection through which it signs in.' })
  connection!: string;

  @Field(() => String, { description: 'Its e-mail address, masked.' })
  maskedEmail!: string;
}
