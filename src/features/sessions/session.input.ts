import { ArgsType, Field, ID, InputType } from 'type-graphql';
import { ForwardPageArgs } from '#src/graphql/page-arguments.type';
import { SessionStatus } from './session.type';

@ArgsType()
export class UserSessionsArgs extends ForwardPageArgs {
  @Field(() => SessionStatus, {
    nullable: true,
    defaultValue: SessionStatus.ACTIVE,
    description: 'Only sessions that stand so; null: all.',
  })
  status?: SessionStatus | null;
}

@InputType('SignInInput', { description: 'Who signs in, and the proof.' })
export class SignInInput {
  @Field(() => String, { description: 'E-mail address, username or phone number.' })
  identifier!: string;

  @Field(() => String, { description: 'The password.' })
  password!: string;

  @Field(() => String, { nullable: true, description: 'Name of the connection; `main` when absent.' })
  connection?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'The organization to sign in to; everything below is then done inside it.',
  })
  organizationId?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'The application through which the user signs in; the session remembers it.',
  })
  clientId?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: true,
    description:
      'Whether the browser keeps the session when it is closed. When false, shorter limits hold too.',
  })
  keepSignedIn?: boolean | null;
}

@InputType('RevokeSessionInput', { description: 'The session to end.' })
export class RevokeSessionInput {
  @Field(() => ID, { description: 'Id of the session.' })
  id!: string;
}

@InputType('RevokeUserSessionsInput', { description: 'Whose sessions to end.' })
export class RevokeUserSessionsInput {
  @Field(() => ID, { description: 'Id of the user.' })
  userId!: string;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'Whether the session of this very call stays.',
  })
  exceptCurrent?: boolean | null;
}
