import { Field, ObjectType } from 'type-graphql';
import { WithParent } from '#src/access/decorators';
import { EnrollmentUnion } from '#src/features/factors/enrollments/enrollment.type';
import { StartedProofType } from '#src/features/factors/proofs/proof.type';
import type { StartedProof } from '#src/features/factors/proofs/start-proof';
import type { SessionRow } from '#src/features/sessions/session.repository';
import { SessionType } from '#src/features/sessions/session.type';
import { LoginResultType, type LoginResult } from '#src/features/sessions/sign-in/login-result.type';
import { UserType } from '#src/features/users/user.type';
import type { UserRow } from '#src/features/users/user-row';

@ObjectType()
abstract class SignedInFields {
  @Field(() => SessionType, { nullable: true, description: 'The new session; null when there is none yet.' })
  session!: SessionRow | null;

  @Field(() => UserType, { nullable: true, description: 'The user; null without a session.' })
  user!: UserRow | null;

  @Field(() => LoginResultType, { description: 'How the sign-in ended.' })
  result!: LoginResult;
}

@ObjectType('CompleteMfaPayload', { description: 'Who signed in.' })
@WithParent()
export class CompleteMfaPayload extends SignedInFields {}

@ObjectType('CompleteMfaEnrollmentPayload', { description: 'Who signed in.' })
@WithParent()
export class CompleteMfaEnrollmentPayload extends SignedInFields {}

@ObjectType('SignInWithPasskeyPayload', { description: 'Who signed in.' })
@WithParent()
export class SignInWithPasskeyPayload extends SignedInFields {}

@ObjectType('StartMfaEnrollmentPayload', { description: 'The enrolment that was begun.' })
@WithParent()
export class StartMfaEnrollmentPayload {
  @Field(() => EnrollmentUnion, { description: 'What the user needs to go on.' })
  enrollment!: object;
}

@ObjectType('StartPasskeySignInPayload', { description: 'A challenge for passkeys.' })
@WithParent()
export class StartPasskeySignInPayload {
  @Field(() => StartedProofType, { description: 'What the browser needs to ask for a passkey.' })
  proof!: StartedProof;
}

@ObjectType('StepUpPayload', { description: 'The session with its renewed proof.' })
@WithParent()
export class StepUpPayload {
  @Field(() => SessionType, { nullable: true, description: 'The session as it is now.' })
  session!: SessionRow | null;
}
