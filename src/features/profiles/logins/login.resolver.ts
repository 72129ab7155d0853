import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { Auth } from '#src/access/decorators';
import { identitiesByUser } from '#src/features/identities/identity.loader';
import { RecordLoginInput } from './login.input';
import { RecordLoginPayload } from './login-payload.type';
import type { LoginService } from './login.service';
import type { Claims } from '#src/features/connections/mapping/map-claims';
import { attributeSourcesByUser } from '#src/features/users/profile/source.loader';
import { userById } from '#src/features/users/user.loader';
import type { RequestContext } from '#src/graphql/request-context';

@Resolver()
export class LoginResolver {
  constructor(private readonly logins: LoginService) {}

  @Auth({ permissions: [['record:logins']] })
  @Mutation(() => RecordLoginPayload, {
    description:
      'Takes note of a sign-in at an identity provider: makes or refreshes the user as the connection says. For trusted services.',
  })
  async recordLogin(
    @Arg('input', () => RecordLoginInput) input: RecordLoginInput,
    @Ctx() context: RequestContext,
  ): Promise<RecordLoginPayload> {
    const { claims, ...login } = input;
    const recorded = await this.logins.record(context, {
      ...login,
      claims: claims as Claims,
      mayNameOurIds: true,
    });
    const { id } = recorded.user;
    for (const loader of [userById, identitiesByUser, attributeSourcesByUser]) {
      context.load(loader as typeof userById).clear(id);
    }
    return {
      user: await context.load(userById).load(id),
      created: recorded.outcome === 'CREATED',
      updatedAttributes: recorded.outcome === 'CREATED' ? 0 : recorded.changed.length,
      strippedClaims: recorded.stripped,
      ignoredValues: recorded.ignored,
      missingAttributes: recorded.missing,
    };
  }
}
