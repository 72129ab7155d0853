import { Arg, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import { Auth } from '#src/access/decorators';
import type { RequestContext } from '#src/graphql/request-context';
import { DeleteLoginRedirectInput, SaveLoginRedirectInput } from './login-redirect.input';
import type { LoginRedirectRow } from './login-redirect.repository';
import type { LoginRedirectService } from './login-redirect.service';
import {
  DeleteLoginRedirectPayload,
  LoginRedirectType,
  SaveLoginRedirectPayload,
} from './login-redirect.type';

@Resolver()
export class LoginRedirectResolver {
  constructor(private readonly redirects: LoginRedirectService) {}

  @Auth({ permissions: [['read:login_redirects']] })
  @Query(() => [LoginRedirectType], {
    nullable: true,
    description:
      'The pages elsewhere that people visit in the middle of their sign-in, in order, disabled ones included; at most 20.',
  })
  loginRedirects(@Ctx() context: RequestContext): Promise<LoginRedirectRow[]> {
    return this.redirects.list(context.store);
  }

  @Auth({ permissions: [['update:login_redirects']] })
  @Mutation(() => SaveLoginRedirectPayload, {
    description:
      'Makes or replaces one, at most 20. Worth every account: the page can ask people for anything. FORBIDDEN_ARGUMENT for a payload or condition on an attribute that a rule hides from the caller, BAD_USER_INPUT, LIMIT_EXCEEDED, VERSION_CONFLICT.',
  })
  async saveLoginRedirect(
    @Arg('input', () => SaveLoginRedirectInput) input: SaveLoginRedirectInput,
    @Ctx() context: RequestContext,
  ): Promise<SaveLoginRedirectPayload> {
    return { loginRedirect: await this.redirects.save(context, input) };
  }

  @Auth({ permissions: [['update:login_redirects']] })
  @Mutation(() => DeleteLoginRedirectPayload, {
    description: 'Deletes one; sign-ins that wait for its page have to begin again. NOT_FOUND.',
  })
  async deleteLoginRedirect(
    @Arg('input', () => DeleteLoginRedirectInput) { name }: DeleteLoginRedirectInput,
    @Ctx() context: RequestContext,
  ): Promise<DeleteLoginRedirectPayload> {
    await this.redirects.delete(context, name);
    return { deletedName: name };
  }
}
