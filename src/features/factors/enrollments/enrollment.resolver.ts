import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { Auth } from '#src/access/decorators';
import {
  DeleteMyAuthenticationMethodInput,
  ResetUserAuthenticationMethodsInput,
  StartEnrollmentInput,
  UpdateMyAuthenticationMethodInput,
  VerifyEnrollmentInput,
} from '#src/features/factors/enrollments/enrollment.input';
import {
  startPassword,
  verifyPassword,
  type PasswordEnrollmentParts,
} from '#src/features/factors/enrollments/password-enrollment';
import { enrollmentRequest, verificationRequest } from '#src/features/factors/enrollments/read-enrollment';
import {
  DeleteMyAuthenticationMethodPayload,
  enrollmentView,
  passwordEnrollmentView,
  passwordResultView,
  ResetUserAuthenticationMethodsPayload,
  StartEnrollmentPayload,
  UpdateMyAuthenticationMethodPayload,
  verificationView,
  VerifyEnrollmentPayload,
} from '#src/features/factors/enrollments/enrollment.type';
import { methodsByUser } from '#src/features/factors/methods/authentication-method.loader';
import type { AuthenticationMethodService } from '#src/features/factors/methods/authentication-method.service';
import { methodView } from '#src/features/factors/methods/method-view';
import { userById } from '#src/features/users/user.loader';
import type { RequestContext } from '#src/graphql/request-context';

/** Changes of what people prove themselves with. */
@Resolver()
export class EnrollmentResolver {
  constructor(
    private readonly methods: AuthenticationMethodService,
    private readonly passwords: PasswordEnrollmentParts,
  ) {}

  @Auth({ permissions: [['create:me:authentication_methods']] })
  @Mutation(() => StartEnrollmentPayload, {
    description:
      'Begins to enrol an authentication method for the caller. Needs two factors proved in the last 15 minutes, or a recent sign-in of a user who has no second one: else STEP_UP_REQUIRED. LIMIT_EXCEEDED above 20 methods of a kind.',
  })
  async startEnrollment(
    @Arg('input', () => StartEnrollmentInput) input: StartEnrollmentInput,
    @Ctx() context: RequestContext,
  ): Promise<StartEnrollmentPayload> {
    if (input.password === true)
      return { enrollment: passwordEnrollmentView(await startPassword(this.passwords, context)) };
    const started = await this.methods.start(context, enrollmentRequest(input));
    forget(context);
    return { enrollment: enrollmentView(started) };
  }

  @Auth({ permissions: [['create:me:authentication_methods']] })
  @Mutation(() => VerifyEnrollmentPayload, {
    description:
      'Confirms an enrolment within ten minutes (a passkey: five), in the session that began it; the fifth wrong answer ends it. STEP_UP_REQUIRED as for `startEnrollment`.',
  })
  async verifyEnrollment(
    @Arg('input', () => VerifyEnrollmentInput) input: VerifyEnrollmentInput,
    @Ctx() context: RequestContext,
  ): Promise<VerifyEnrollmentPayload> {
    if (input.password) {
      const set = await verifyPassword(this.passwords, context, input.password);
      forget(context);
      return { result: passwordResultView(set) };
    }
    const { userAgent } = context.http;
    const verified = await this.methods.verify(context, { ...verificationRequest(input), userAgent });
    forget(context);
    return { result: verificationView(verified) };
  }

  @Auth({ permissions: [['update:me:authentication_methods']] })
  @Mutation(() => UpdateMyAuthenticationMethodPayload, {
    description: 'Changes the name of one of the caller’s methods. NOT_FOUND for any other id.',
  })
  async updateMyAuthenticationMethod(
    @Arg('input', () => UpdateMyAuthenticationMethodInput) input: UpdateMyAuthenticationMethodInput,
    @Ctx() context: RequestContext,
  ): Promise<UpdateMyAuthenticationMethodPayload> {
    const method = await this.methods.rename(context, input.id, input.name ?? null);
    forget(context);
    return { method: methodView(method) };
  }

  @Auth({ permissions: [['delete:me:authentication_methods']] })
  @Mutation(() => DeleteMyAuthenticationMethodPayload, {
    description:
      'Deletes one of the caller’s methods and ends all other sessions. STEP_UP_REQUIRED as for `startEnrollment`; NOT_FOUND for any other id; LAST_AUTHENTICATION_METHOD for the last way to begin a sign-in, and for the last second factor where policy demands one.',
  })
  async deleteMyAuthenticationMethod(
    @Arg('input', () => DeleteMyAuthenticationMethodInput) { id }: DeleteMyAuthenticationMethodInput,
    @Ctx() context: RequestContext,
  ): Promise<DeleteMyAuthenticationMethodPayload> {
    await this.methods.delete(context, id);
    forget(context);
    return { deletedId: id };
  }

  @Auth({ permissions: [['delete:authentication_methods']] })
  @Mutation(() => ResetUserAuthenticationMethodsPayload, {
    description:
      'Deletes every authentication method of a user but the password, and ends the user’s sessions: for somebody who has lost a device. NOT_FOUND out of reach.',
  })
  async resetUserAuthenticationMethods(
    @Arg('input', () => ResetUserAuthenticationMethodsInput) { userId }: ResetUserAuthenticationMethodsInput,
    @Ctx() context: RequestContext,
  ): Promise<ResetUserAuthenticationMethodsPayload> {
    const deletedCount = await this.methods.reset(context, userId);
    context.load(methodsByUser).clear(userId);
    context.load(userById).clear(userId);
    return { user: await context.load(userById).load(userId), deletedCount };
  }
}

/** What an earlier field of the same request has read is forgotten. */
function forget(context: RequestContext): void {
  const { userId } = context.principal;
  if (userId === null) return;
  context.load(methodsByUser).clear(userId);
  context.load(userById).clear(userId);
}
