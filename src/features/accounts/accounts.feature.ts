import type { Platform } from '#src/access/platform';
import type { TicketPage } from '#src/features/tickets/ticket-page';
import type { Authenticate } from '#src/graphql/authenticate';
import type { FeatureParts } from '#src/graphql/feature';
import { enqueueJob } from '#src/jobs/enqueue-job';
import { accountMail, accountMailHandling } from './account-mail.job';
import { createSessionCookie } from '#src/features/sessions/session-cookie';
import { accountPages, type CallerOf } from './account-pages';
import { accountPermissions } from './account.permissions';
import { AccountResolver } from './account.resolver';
import { AccountService } from './account.service';
import type { AccountParts, SignUpCheck } from './account-parts';

export type AccountServices = Omit<AccountParts, 'config' | 'freshSeconds' | 'factors' | 'signUpChecks'> & {
  addTicketPage(page: TicketPage): void;
  readonly authenticate: Authenticate;
};

export function startAccounts(
  { config }: Pick<Platform, 'config'>,
  services: AccountServices,
): FeatureParts & { readonly accounts: AccountService; readonly signUpChecks: SignUpCheck[] } {
  const signUpChecks: SignUpCheck[] = [];
  const parts: AccountParts = {
    ...services,
    signUpChecks,
    config: config.accounts,
    freshSeconds: config.sessions.freshSeconds,
    factors: config.factors,
  };
  const cookie = createSessionCookie(config.http);
  const callerOf: CallerOf = async (call, { cookies }) => {
    const sessionCookie = cookie.read(cookies) ?? undefined;
    if (sessionCookie === undefined) return call;
    const credentials = { authorization: undefined, sessionCookie };
    const { principal } = await services.authenticate(credentials, call.store);
    return { ...call, principal };
  };
  for (const page of accountPages(parts, callerOf)) services.addTicketPage(page);
  services.passwords.leaked.push(async (store, call, userId) => {
    await enqueueJob(store, call, accountMail, { purpose: 'breached', userId });
  });
  const accounts = new AccountService(parts);
  return {
    name: 'accounts',
    resolvers: [new AccountResolver(accounts, services.authenticate)],
    permissions: accountPermissions,
    jobs: [accountMailHandling(parts)],
    accounts,
    signUpChecks,
  };
}
