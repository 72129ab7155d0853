import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { Auth } from '#src/access/decorators';
import {
  completeLink,
  linkAccount,
  startLinkProof,
  type LinkParts,
} from '#src/features/my-account/linking/link-account';
import {
  CompleteAccountLinkInput,
  LinkMyAccountInput,
  StartAccountLinkProofInput,
  UnlinkMyIdentityInput,
} from '#src/features/my-account/linking/link.input';
import {
  CompleteAccountLinkPayload,
  LinkMyAccountPayload,
  linkView,
  StartAccountLinkProofPayload,
  UnlinkMyIdentityPayload,
} from '#src/features/my-account/linking/link-payload.type';
import { reloadCaller } from '#src/features/my-account/linking/reload-caller';
import { unlinkOwnIdentity } from '#src/features/my-account/linking/unlink-identity';
import { defaultConnection } from '#src/features/connections/connection.service';
import { startable } from '#src/features/factors/sign-in/mfa.service';
import type { SessionService } from '#src/features/sessions/session.service';
import type { RequestContext } from '#src/graphql/request-context';

@Resolver()
export class LinkResolver {
  constructor(private readonly parts: LinkParts & { readonly sessions: SessionService }) {}

  @Auth({ permissions: [['create:me:connected_accounts']] })
  @Mutation(() => LinkMyAccountPayload, {
    description:
      'Makes another account of the caller’s an identity of this one; its sessions, roles, memberships, factors and app_metadata go. INVALID_CREDENTIALS for a wrong password, LINK_CONFLICT for an account that cannot be linked, LIMIT_EXCEEDED above 10 identities, STEP_UP_REQUIRED as for `startEnrollment`.',
  })
  async linkMyAccount(
    @Arg('input', () => LinkMyAccountInput) input: LinkMyAccountInput,
    @Ctx() context: RequestContext,
  ): Promise<LinkMyAccountPayload> {
    const { identifier, password, connection, mergeMetadata } = input;
    const request = {
      ...{ identifier, password, connection: connection ?? defaultConnection },
      fillsMetadata: mergeMetadata === true,
    };
    const outcome = await linkAccount(this.parts, context, request, context.http.ip);
    return { result: linkView(outcome), user: await reloadCaller(context) };
  }

  @Auth({ permissions: [['create:me:connected_accounts']] })
  @Mutation(() => StartAccountLinkProofPayload, {
    description:
      'Prepares a second factor of the other account that needs it: a challenge for passkeys, or a code by e-mail. LINK_CONFLICT for a link that is over.',
  })
  async startAccountLinkProof(
    @Arg('input', () => StartAccountLinkProofInput) { linkToken, factor }: StartAccountLinkProofInput,
    @Ctx() context: RequestContext,
  ): Promise<StartAccountLinkProofPayload> {
    return { proof: await startLinkProof(this.parts, context, { linkToken, type: startable(factor) }) };
  }

  @Auth({ permissions: [['create:me:connected_accounts']] })
  @Mutation(() => CompleteAccountLinkPayload, {
    description:
      'Completes a link by the other account’s second factor, within ten minutes and in the session that began it. INVALID_CREDENTIALS for a proof that does not hold, LINK_CONFLICT for a link that is over.',
  })
  async completeAccountLink(
    @Arg('input', () => CompleteAccountLinkInput) input: CompleteAccountLinkInput,
    @Ctx() context: RequestContext,
  ): Promise<CompleteAccountLinkPayload> {
    const linkedUserId = await completeLink(this.parts, context, input);
    return { linkedUserId, user: await reloadCaller(context) };
  }

  @Auth({ permissions: [['delete:me:connected_accounts']] })
  @Mutation(() => UnlinkMyIdentityPayload, {
    description:
      'Takes an identity off the caller’s account; it becomes a new account with empty metadata. LAST_IDENTITY for the primary one, NOT_FOUND for one of somebody else, STEP_UP_REQUIRED as for `startEnrollment`.',
  })
  async unlinkMyIdentity(
    @Arg('input', () => UnlinkMyIdentityInput) { provider, userId, discard }: UnlinkMyIdentityInput,
    @Ctx() context: RequestContext,
  ): Promise<UnlinkMyIdentityPayload> {
    const request = { provider, userId, discard: discard === true };
    const separatedUserId = await unlinkOwnIdentity(this.parts, context, request);
    return { user: await reloadCaller(context), separatedUserId };
  }
}
