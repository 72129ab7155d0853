import { Field, InputType, getMetadataStorage } from 'type-graphql';
import { JsonScalar } from '#src/graphql/scalars';
import type { MetadataConditions } from './filter-tree';

/** The enum belongs to the feature `metadata`, whose inputs are private; it is found by its name when the schema is built. */
function metadataStoreEnum(): object {
  const found = getMetadataStorage().enums.find(({ name }) => name === 'MetadataStore');
  if (!found) throw new TypeError('The enum MetadataStore is not registered.');
  return found.enumObj;
}

@InputType('MetadataFilter', {
  description:
    'Comparisons with the values at one path of the metadata; any member of a list may match. All that are given must hold. ' +
    'Ranges and `startsWith` work on app_metadata only.',
})
export class MetadataFilterInput implements MetadataConditions {
  @Field(metadataStoreEnum, { description: 'Which of the two stores.' })
  store!: 'USER' | 'APP';

  @Field(() => String, { description: 'Keys joined by dots, for example `subscription.plan`.' })
  path!: string;

  @Field(() => JsonScalar, {
    nullable: true,
    description: 'A text, a number, true or false; a number also matches the text of its digits.',
  })
  eq?: unknown;

  @Field(() => [JsonScalar], { nullable: true, description: 'Any of these values.' })
  in?: unknown[];

  @Field(() => JsonScalar, { nullable: true, description: 'A value that a list holds; the same as `eq`.' })
  contains?: unknown;

  @Field(() => JsonScalar, { nullable: true, description: 'Greater than this number or text.' })
  gt?: unknown;

  @Field(() => JsonScalar, { nullable: true, description: 'Greater than or equal to this number or text.' })
  gte?: unknown;

  @Field(() => JsonScalar, { nullable: true, description: 'Less than this number or text.' })
  lt?: unknown;

  @Field(() => JsonScalar, { nullable: true, description: 'Less than or equal to this number or text.' })
  lte?: unknown;

  @Field(() => String, { nullable: true, description: 'A text that begins so.' })
  startsWith?: string;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether there is a value; null, `[]` and `{}` are none.',
  })
  exists?: boolean;
}
