import { Field, ID, InputType } from 'type-graphql';

/** What every way to sign in asks beside the proof. */
@InputType()
export abstract class SigningOptions {
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

  @Field(() => String, {
    nullable: true,
    description:
      'Token of an anonymous session of the same application: what it holds becomes part of the new session, and it ends. One that is over is passed over.',
  })
  anonymousSession?: string | null;
}
