import type { RenewedSession } from '#src/access/call';
import type { Platform } from '#src/access/platform';
import type { Secrets } from '#src/config/open-secrets';
import { isSecureIssuer } from '#src/config/origin';
import type { AuditService } from '#src/features/audit/audit.service';
import type { ConnectionService } from '#src/features/connections/connection.service';
import type { ApplicationService } from '#src/features/applications/application.service';
import type { ApplicationGrantService } from '#src/features/applications/grants/application-grant.service';
import type { ApplicationSecretService } from '#src/features/applications/secrets/application-secret.service';
import type { OrganizationApplicationService } from '#src/features/organizations/applications/organization-application.service';
import type { SignInOrganizationService } from '#src/features/organizations/sign-in/sign-in-organization.service';
import type { JoinOnLogin } from '#src/features/organizations/connections/join-on-login';
import type { MembershipService } from '#src/features/organizations/members/membership.service';
import type { OrganizationService } from '#src/features/organizations/organization.service';
import { createMintHooks, type MintHooks } from '#src/features/sessions/minting/mint-hooks';
import { ChooseOrganizationResolver } from '#src/features/sessions/sign-in/choose-organization.resolver';
import { createSignInHooks } from '#src/features/sessions/sign-in/sign-in-hooks';
import { createDeviceCookie } from '#src/features/attack-protection/device-cookie';
import type { AttackProtectionService } from '#src/features/attack-protection/attack-protection.service';
import type { PasswordService } from '#src/features/passwords/password.service';
import type { MailService } from '#src/features/mail/mail.service';
import { ActivityResolver } from '#src/features/sessions/activity/activity.resolver';
import { interactionsBySession } from '#src/features/sessions/activity/interaction.loader';
import { ApplicationSessionSettingsResolver } from '#src/features/sessions/logout/extend-application.resolver';
import { SessionSettingsService } from '#src/features/sessions/logout/session-settings.service';
import { backchannelHandling } from '#src/features/sessions/logout/backchannel-logout.job';
import { ImpersonationResolver } from '#src/features/sessions/impersonation/impersonation.resolver';
import { settleImpersonations } from '#src/features/sessions/impersonation/settle-impersonations';
import { SupportAccessResolver } from '#src/features/sessions/impersonation/support-access.resolver';
import { createWayBack } from '#src/features/sessions/impersonation/way-back';
import { RefreshTokenResolver } from '#src/features/sessions/refresh/refresh-token.resolver';
import { createLogoutSigner } from '#src/features/sessions/tokens/logout-token';
import type { UserService } from '#src/features/users/user.service';
import type { Authenticate } from '#src/graphql/authenticate';
import { pageEdge } from '#src/graphql/edges';
import type { FeatureParts } from '#src/graphql/feature';
import type { Outbound } from '#src/http/outbound';
import { ending } from '#src/jobs/background';
import {
  createTokenIssuer,
  createTokenVerifier,
  type TokenIssuer,
  type TokenVerifier,
} from '#src/features/sessions/tokens/access-token';
import { createKeyRing, keyPurpose } from '#src/features/sessions/keys/key-ring';
import { signingKeyTasks, type SigningKeyTasks } from '#src/features/sessions/keys/rotate-signing-key';
import { SigningKeyResolver } from '#src/features/sessions/keys/signing-key.resolver';
import { createAuthenticate } from '#src/features/sessions/callers/authenticate';
import { endSessionsOnChanges } from '#src/features/sessions/endings/end-on-user-change';
import { ClientCredentialsResolver } from '#src/features/sessions/tokens/client-credentials.resolver';
import { issueToken } from '#src/features/sessions/tokens/issue-token';
import { sessionSweep } from '#src/features/sessions/endings/purge-sessions';
import { createSessionCookie } from './session-cookie';
import { UserSessionsResolver } from './extend-user.resolver';
import { SessionFieldsResolver } from './session-fields.resolver';
import { isOpenedBy } from './session.repository';
import type { Store } from '#src/storage/store';
import { sessionById, sessionsByUser } from './session.loader';
import { SessionResolver } from './session.resolver';
import { logoutRoutes } from '#src/features/sessions/logout/logout.routes';
import { sessionPermissions } from './session.permissions';
import { sessionRoutes } from './session.routes';
import { SessionService } from './session.service';
import type { SigningKeySource } from '#src/features/sessions/tokens/signing-keys';
import type { SessionStatus } from './session-status';
import { sealedColumn } from '#src/storage/sealed-column';
import { SigningKeyEntity } from '#src/features/sessions/keys/signing-key.entity';
import { createSessionToucher } from './touch-sessions';
import { hashSecret } from '#src/shared/secret-hash';

export interface SessionServices {
  readonly outbound: Outbound;
  readonly mail: MailService;
  readonly audit: AuditService;
  readonly connections: ConnectionService;
  readonly users: UserService;
  readonly organizations: OrganizationService;
  readonly memberships: Pick<MembershipService, 'leaving'>;
  readonly joinOnLogin: JoinOnLogin;
  readonly attackProtection: AttackProtectionService;
  readonly passwords: PasswordService;
  readonly applications: ApplicationService;
  readonly secrets: ApplicationSecretService;
  readonly grants: ApplicationGrantService;
  readonly organizationApplications: OrganizationApplicationService;
  readonly signInOrganizations: SignInOrganizationService;
}

export interface StartedSessions {
  readonly sessions: SessionService;
  readonly authenticate: Authenticate;
  /** Where features take part in sessions and tokens that are about to be made. */
  readonly mintHooks: MintHooks;
  /** The `Set-Cookie` header for a new secret of a session; null when its change was not committed. */
  readonly renewCookie: (store: Store, renewed: RenewedSession) => Promise<string | null>;
  readonly signingKeys: SigningKeyTasks;
  readonly sessionSettings: SessionSettingsService;
  /** Signs an access token for an operator; see `issueToken` for what it refuses. */
  readonly issueToken: TokenIssuer['issue'];
}

/** Makes the feature; no key is read before its background starts or the first use. */
export function startSessions(
  platform: Platform,
  secrets: Pick<Secrets, 'signing' | 'ring'>,
  services: SessionServices,
): FeatureParts & StartedSessions {
  const { storage, clock, ids, logger } = platform;
  const { sessions: config, http } = platform.config;
  const keys = createKeyRing({
    ...{ storage, clock, logger, secrets },
    make: (sources) => createTokens(platform, sources),
  });
  const toucher = createSessionToucher(storage, logger);
  const verify: TokenVerifier['verify'] = async (token) => (await keys.current()).verifier.verify(token);
  const { grants } = services;
  const authentication = { verifier: { verify }, config, clock, touch: toucher.touch, grants };
  const authenticate = createAuthenticate(authentication);
  const cookie = createSessionCookie(http);
  const issue: TokenIssuer['issue'] = async (grant) => (await keys.current()).issuer.issue(grant);
  const issueFor: TokenIssuer['issue'] = (grant) =>
    issueToken({ issue }, storage.open(), grant, platform.config.organizations);
  const mintHooks = createMintHooks();
  const { nameInTokens } = platform.config.organizations;
  const minting = { config, issue, nameInTokens, mintHooks, grants };
  const sessions = new SessionService({
    ...{ ...services, ...minting },
    hooks: createSignInHooks(),
    cookie,
    devices: createDeviceCookie(http, () => secrets.ring('device-cookie')),
  });
  const sessionSettings = new SessionSettingsService(services.applications);
  const signingKeys = signingKeyTasks({ audit: services.audit, secrets, keys });
  const settling = { audit: services.audit, config };
  endSessionsOnChanges(services);
  const sweep = sessionSweep({ storage, clock, ids, logger }, config, (store, call) =>
    settleImpersonations(settling, store, call),
  );
  return {
    name: 'sessions',
    resolvers: [
      new SessionResolver(sessions, authenticate),
      new ChooseOrganizationResolver(sessions, authenticate),
      new SessionFieldsResolver(),
      new ClientCredentialsResolver({
        ...services,
        issue: issueFor,
        lifetimeSeconds: config.accessTokenSeconds,
        ownAudience: config.audience,
        nameInTokens: minting.nameInTokens,
      }),
      new UserSessionsResolver(),
      new SigningKeyResolver(signingKeys),
      new ActivityResolver({ ...services, config, issue }),
      new ImpersonationResolver(
        { ...services, ...minting },
        {
          session: cookie,
          wayBack: createWayBack(() => secrets.ring('impersonation'), isSecureIssuer(http)),
        },
        authenticate,
      ),
      new SupportAccessResolver(settling),
      new RefreshTokenResolver({ ...services, ...minting }),
      new ApplicationSessionSettingsResolver(sessionSettings),
    ],
    entities: [
      {
        type: 'Session',
        ownsId: (id) => id.startsWith('ses_'),
        rootField: 'Query.session',
        load: (id, context) => context.load(sessionById).load(id),
      },
    ],
    edges: [
      pageEdge({
        coordinate: 'User.sessions',
        pages: sessionsByUser,
        keyOf: (user: { readonly id: string }) => user.id,
        extraOf: ({ status }) => (status as SessionStatus | null | undefined) ?? null,
        childType: 'Session',
      }),
      pageEdge({
        coordinate: 'Session.interactions',
        pages: interactionsBySession,
        keyOf: (session: { readonly id: string }) => session.id,
        extraOf: ({ type }) => ({ type: (type as string | null | undefined) ?? null }),
        childType: 'Interaction',
      }),
    ],
    jobs: [
      backchannelHandling({
        sign: async (ended) => (await keys.current()).signLogout(ended),
        storage,
        outbound: services.outbound,
        allowedHosts: () => config.backchannelHosts,
      }),
    ],
    sealed: [sealedColumn(SigningKeyEntity, ['id'], 'sealed', keyPurpose)],
    permissions: sessionPermissions,
    sessions,
    authenticate,
    mintHooks,
    signingKeys,
    sessionSettings,
    renewCookie: async (store, { sessionId, secret, expiresAt }) => {
      if (!(await isOpenedBy(store, sessionId, hashSecret(secret)))) return null;
      return cookie.give(secret, clock.now(), ...(expiresAt === null ? [] : [expiresAt]));
    },
    routes: [
      ...sessionRoutes({ issuer: http.issuer, keys: async () => (await keys.current()).keys }),
      ...logoutRoutes({
        platform,
        authenticate,
        sessionSettings,
        sessions,
        applications: services.applications,
      }),
    ],
    issueToken: issueFor,
    background: [
      {
        // A ConfigError when the signing keys are not usable.
        start: async () => {
          await keys.current();
          keys.watch();
        },
        stop: () => keys.close(),
      },
      ending(() => toucher.settled()),
      sweep,
    ],
  };
}

function createTokens({ config, clock, ids }: Platform, keys: readonly SigningKeySource[]) {
  const { audience, clockSkewSeconds: skewSeconds } = config.sessions;
  const setting = { keys, issuer: config.http.issuer, audience, clock };
  return {
    keys,
    issuer: createTokenIssuer({ ...setting, ids }),
    signLogout: createLogoutSigner({ ...setting, ids }),
    verifier: createTokenVerifier({ ...setting, skewSeconds }),
  };
}
