import { registerEnumType } from 'type-graphql';

export enum AccessDecision {
  ALLOW = 'ALLOW',
  DENY = 'DENY',
  MASK = 'MASK',
  HIDE = 'HIDE',
  STEP_UP = 'STEP_UP',
  OBJECT = 'OBJECT',
}

registerEnumType(AccessDecision, {
  name: 'AccessDecision',
  description: 'What the gateway would do.',
  valuesConfig: {
    ALLOW: { description: 'Allow it.' },
    DENY: { description: 'Refuse it with an error.' },
    MASK: { description: 'Show a masked value.' },
    HIDE: { description: 'Answer null as if the attribute never existed: it is on the blacklist.' },
    STEP_UP: { description: 'Ask for a stronger or more recent sign-in.' },
    OBJECT: { description: 'It depends on whose data it is: ask again with `objectId`.' },
  },
});
