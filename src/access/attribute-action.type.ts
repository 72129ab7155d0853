import { registerEnumType } from 'type-graphql';
import { attributeActions, type AttributeAction } from '#src/access/rule';

/** The actions as an enum object, whose values equal their names. */
export const AttributeActionEnum = Object.fromEntries(attributeActions.map((action) => [action, action])) as {
  readonly [action in AttributeAction]: action;
};

registerEnumType(AttributeActionEnum, {
  name: 'AttributeAction',
  description:
    'What a caller does with an attribute. Whoever may not READ it may not do the other reading uses either.',
});
