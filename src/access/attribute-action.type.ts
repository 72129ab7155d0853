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
  valuesConfig: {
    READ: { description: 'Gets the value in an answer.' },
    WRITE: { description: 'Sets, changes or removes it.' },
    FILTER: { description: 'Finds objects by it: in `filter` and in `q`.' },
    SORT: { description: 'Orders a list by it.' },
    AGGREGATE: { description: 'Counts by it.' },
    EXPORT: { description: 'Gets it in a file of users.' },
    TOKEN: { description: 'Gets it as a claim of a token.' },
    LOG: { description: 'Gets it in a log line.' },
    EVENT: { description: 'Gets it in a message to another system.' },
  },
});
