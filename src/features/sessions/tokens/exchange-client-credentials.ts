import type { Call } from '#src/access/call';
import { principal } from '#src/access/principal';
import type { ApplicationGrantService } from '#src/features/applications/grants/application-grant.service';
import type { ApplicationSecretService } from '#src/features/applications/secrets/application-secret.service';
import type { ApplicationService } from '#src/features/applications/application.service';
import type { AuditService } from '#src/features/audit/audit.service';
import type { OrganizationApplicationService } from '#src/features/organizations/applications/organization-application.service';
import { countMachineToken } from '#src/features/organizations/token-quota/count-machine-token';
import { sessionErrors } from '#src/features/sessions/session.errors';
import type { AttackProtectionService } from '#src/features/attack-protection/attack-protection.service';
import { commonErrors } from '#src/shared/errors';
import type { Store } from '#src/storage/store';
import type { TokenGrant, TokenIssuer } from './access-token';
import { askedApi, machineApiGrant } from './api-grant';
import { findTokenContext } from './token-context.repository';
import { settleAttempt } from '#src/features/attack-protection/settle-attempt';

export interface ClientCredentials {
  readonly clientId: string;
  readonly clientSecret: string;
  /** The organization that the token is for; null: the default one of the application, if it has one. */
  readonly organizationId?: string | null | undefined;
  /** What the token is wanted for; null: all that the application holds. */
  readonly permissions?: readonly string[] | null | undefined;
  /** Of another API than the gateway. */
  readonly audience?: string | null | undefined;
  /** What the token is wanted for at that API; null: all that the application holds there. */
  readonly scope?: readonly string[] | null | undefined;
}

export interface IssuedToken {
  readonly accessToken: string;
  readonly tokenType: 'Bearer';
  /** Seconds. */
  readonly expiresIn: number;
  readonly permissions: readonly string[];
}

export interface ExchangeParts {
  readonly audit: AuditService;
  readonly secrets: Pick<ApplicationSecretService, 'proves'>;
  readonly grants: Pick<ApplicationGrantService, 'gatewayPermissions' | 'permissionsAt'>;
  readonly attackProtection: Pick<AttackProtectionService, 'beginSecret'>;
  readonly applications: Pick<ApplicationService, 'enabled'>;
  readonly organizationApplications: Pick<OrganizationApplicationService, 'admitsMachine'>;
  readonly issue: TokenIssuer['issue'];
  readonly lifetimeSeconds: number;
  readonly ownAudience: string;
  readonly nameInTokens: boolean;
}

/** Whether an id can be one of the register; only such tokens speak for an application that lives there. */
export function isApplicationId(id: string): boolean {
  return id.startsWith('app_');
}

/**
 * The grant of RFC 6749 section 4.4: a machine that proves itself gets an access token for what it holds, cut to what it asks for.
 * INVALID_CREDENTIALS answers an unknown application, a wrong secret, a disabled application and one that is no machine alike;
 * TOO_MANY_ATTEMPTS is answered before the secret is looked at.
 */
export async function exchangeClientCredentials(
  parts: ExchangeParts,
  call: Call,
  {
    clientId,
    clientSecret,
    organizationId: asked = null,
    permissions: wanted = null,
    ...more
  }: ClientCredentials,
  ip: string | null,
): Promise<IssuedToken> {
  const request = askedApi(parts.ownAudience, more.audience, more.scope);
  const attempt = await parts.attackProtection.beginSecret(call, clientId, ip);
  const held = await settleAttempt(
    attempt,
    () => provenPermissions(parts, call.store, clientId, clientSecret),
    () => sessionErrors.INVALID_CREDENTIALS({ message: 'The application or its secret is wrong.' }),
  );
  const organizationId = await organizationOf(parts, call.store, clientId, asked);
  const api =
    request === null
      ? null
      : await machineApiGrant(call.store, { ...request, scope: more.scope ?? null }, (audience) =>
          parts.grants.permissionsAt(call.store, clientId, audience),
        );
  const own = wanted === null ? held : held.filter((name) => wanted.includes(name));
  const permissions = api === null ? own : api.scope;
  const lifetimeSeconds = parts.lifetimeSeconds;
  const grant = {
    ...{ subject: clientId, clientId, permissions: api === null ? own : [], roles: [], lifetimeSeconds },
    ...(organizationId !== null && (await contextClaims(parts, call.store, organizationId))),
    ...(api !== null && { api }),
  };
  await call.store.transaction(async (store) => {
    const counted = organizationId === null ? null : await countMachineToken(store, call, organizationId);
    await record(parts.audit, store, call, clientId, {
      permissionCount: permissions.length,
      ...(organizationId !== null && { organizationId }),
      ...(api !== null && { audience: api.audience }),
      ...(counted?.isBeyondQuota === true && { isBeyondQuota: true }),
    });
  });
  const { token } = await parts.issue(grant);
  return { accessToken: token, tokenType: 'Bearer', expiresIn: lifetimeSeconds, permissions };
}

async function contextClaims(
  { nameInTokens }: ExchangeParts,
  store: Store,
  organizationId: string,
): Promise<Pick<TokenGrant, 'organizationId' | 'organizationName'>> {
  const context = nameInTokens ? await findTokenContext(store, organizationId, null) : null;
  return { organizationId, ...(context !== null && { organizationName: context.name }) };
}

/** The organization of the token, null for none; FORBIDDEN where the machine's setting or the organization does not allow it. */
async function organizationOf(
  { applications, organizationApplications }: ExchangeParts,
  store: Store,
  clientId: string,
  asked: string | null,
): Promise<string | null> {
  const machine = await applications.enabled(store, clientId);
  const organizationId = asked ?? machine?.defaultOrganizationId ?? null;
  const usage = machine?.organizationUsage ?? 'DENY';
  if (organizationId === null && usage !== 'REQUIRE') return null;
  const isAdmitted =
    machine !== null &&
    organizationId !== null &&
    usage !== 'DENY' &&
    (await organizationApplications.admitsMachine(store, organizationId, machine));
  // SECURITY: one answer for an organization that does not exist and one that is closed to the machine.
  if (!isAdmitted) {
    throw commonErrors.FORBIDDEN({
      message: 'This application gets no token for this organization, or needs one and named none.',
      extensions: { field: 'organizationId' },
    });
  }
  return organizationId;
}

/** SECURITY: both statements run whatever the first one says, so that the time tells nothing about which part is wrong. */
async function provenPermissions(
  { secrets, grants }: ExchangeParts,
  store: Store,
  clientId: string,
  clientSecret: string,
): Promise<readonly string[] | null> {
  const id = /^app_\w{1,64}$/.test(clientId) ? clientId : '';
  const isProven = await secrets.proves(store, id, clientSecret);
  const held = await grants.gatewayPermissions(store, id);
  return isProven && held !== null ? [...held].sort() : null;
}

/** The record names the application, not who the caller was before. */
function record(
  audit: AuditService,
  store: Store,
  call: Call,
  clientId: string,
  details: Readonly<Record<string, unknown>>,
): Promise<void> {
  const actor = principal({
    kind: 'machine',
    userId: null,
    subject: clientId,
    sessionId: null,
    clientId,
    organizationId: null,
    permissions: [],
    roles: [],
    acr: null,
    authenticatedAt: null,
  });
  return audit.record(
    store,
    { ...call, principal: actor },
    {
      action: 'application.exchange_credentials',
      targetType: 'Application',
      targetId: clientId,
      details,
    },
  );
}
