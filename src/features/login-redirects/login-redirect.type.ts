import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { WithParent } from '#src/access/decorators';
import { DateTimeScalar, JsonScalar } from '#src/graphql/scalars';
import type { Instant } from '#src/shared/clock';
import type { LoginRedirectRow } from './login-redirect.repository';

export enum LoginRedirectProof {
  TOKEN = 'TOKEN',
  CONDITIONS = 'CONDITIONS',
  NONE = 'NONE',
}
registerEnumType(LoginRedirectProof, {
  name: 'LoginRedirectProof',
  description: 'What says that the person has done what a page in the middle of a sign-in asks for.',
  valuesConfig: {
    TOKEN: { description: 'The page sends the browser back with a token that it signed for this visit.' },
    CONDITIONS: {
      description:
        'The conditions do not hold any more: the page wrote its result through the API before it sent the browser back.',
    },
    NONE: { description: 'Nothing: coming back is enough. For pages that only show something.' },
  },
});

export enum LoginRedirectOperator {
  MISSING = 'MISSING',
  EQUALS = 'EQUALS',
  NOT_EQUALS = 'NOT_EQUALS',
}
registerEnumType(LoginRedirectOperator, {
  name: 'LoginRedirectOperator',
  description: 'How an attribute is compared.',
  valuesConfig: {
    MISSING: { description: 'It has no value, or an empty text.' },
    EQUALS: { description: 'It has exactly this value.' },
    NOT_EQUALS: { description: 'It has another value, or none.' },
  },
});

@ObjectType('LoginRedirectCondition', { description: 'When people are sent to a page.' })
@WithParent()
export class LoginRedirectConditionType {
  @Field(() => String, { description: 'The attribute: `phone_number`, `app_metadata.terms`.' })
  attribute!: string;

  @Field(() => LoginRedirectOperator, { description: 'How it is compared.' })
  operator!: string;

  @Field(() => JsonScalar, { nullable: true, description: 'With what; null for MISSING.' })
  value!: unknown;
}

@ObjectType('LoginRedirect', {
  description:
    'A page elsewhere that people visit in the middle of their sign-in, before there is a session.',
})
@WithParent()
export class LoginRedirectType implements LoginRedirectRow {
  @Field(() => String, { description: 'Names it; never changes.' })
  name!: string;

  @Field(() => String, { description: 'The address of the page.' })
  url!: string;

  @Field(() => [ID], { description: 'Only sign-ins to one of these applications; empty: all.' })
  applicationIds!: readonly string[];

  @Field(() => [String], { description: 'Only sign-ins through one of these connections; empty: all.' })
  connections!: readonly string[];

  @Field(() => [LoginRedirectConditionType], { description: 'All of them have to hold; empty: always.' })
  conditions!: LoginRedirectRow['conditions'];

  @Field(() => [String], { description: 'The attributes that the page is told.' })
  payload!: readonly string[];

  @Field(() => LoginRedirectProof, { description: 'What says that the step was done.' })
  proof!: string;

  @Field(() => Boolean, {
    description: 'Whether the session lists the method `custom` afterwards. It raises no assurance.',
  })
  recordsMethod!: boolean;

  @Field(() => Int, { description: 'How many seconds the token for the page is good.' })
  tokenSeconds!: number;

  @Field(() => Int, { description: 'They are visited in ascending order.' })
  position!: number;

  @Field(() => Boolean, { description: 'Whether anybody is sent there.' })
  isEnabled!: boolean;

  @Field(() => Int, { description: 'Raised with each change, for `expectedVersion`.' })
  version!: number;

  @Field(() => DateTimeScalar, { description: 'When it was made.' })
  createdAt!: Instant;

  @Field(() => DateTimeScalar, { description: 'When it last changed.' })
  updatedAt!: Instant;
}

@ObjectType('SaveLoginRedirectPayload', { description: 'What was saved.' })
@WithParent()
export class SaveLoginRedirectPayload {
  @Field(() => LoginRedirectType, { description: 'As it is now; its secret is never shown.' })
  loginRedirect!: LoginRedirectRow;
}

@ObjectType('DeleteLoginRedirectPayload', { description: 'What was deleted.' })
@WithParent()
export class DeleteLoginRedirectPayload {
  @Field(() => String, { description: 'Its name.' })
  deletedName!: string;
}
