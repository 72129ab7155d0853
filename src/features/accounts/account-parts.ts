import type { Call } from '#src/access/call';
import { principal } from '#src/access/principal';
import type { AccountsConfig } from '#src/config/accounts';
import type { FactorsConfig } from '#src/config/factors';
import type { AttackProtectionService } from '#src/features/attack-protection/attack-protection.service';
import type { AuditService } from '#src/features/audit/audit.service';
import type { Connection, ConnectionService } from '#src/features/connections/connection.service';
import { defaultConnection } from '#src/features/connections/connection.service';
import { strategyKind } from '#src/features/connections/strategy';
import type { AuthenticationMethodService } from '#src/features/factors/methods/authentication-method.service';
import type { IdentityService } from '#src/features/identities/identity.service';
import type { MailService } from '#src/features/mail/mail.service';
import type { PasswordService } from '#src/features/passwords/password.service';
import type { ApplicationService } from '#src/features/applications/application.service';
import { sessionErrors } from '#src/features/sessions/session.errors';
import type { SessionService } from '#src/features/sessions/session.service';
import type { AskingBrowser } from '#src/features/tickets/asker';
import type { TicketService } from '#src/features/tickets/ticket.service';
import { foldText } from '#src/features/users/fold-text';
import { isEmailAddress } from '#src/features/users/identifiers/email-address';
import type { UserService } from '#src/features/users/user.service';
import { commonErrors } from '#src/shared/errors';
import type { Store } from '#src/storage/store';

/** Refuses an address that may have no account with a password of its own; asked by what later features know. */
export type SignUpCheck = (store: Store, email: string) => Promise<void>;

export interface AccountParts {
  readonly signUpChecks: readonly SignUpCheck[];
  readonly config: AccountsConfig;
  readonly freshSeconds: number;
  readonly factors: Pick<FactorsConfig, 'stepUpSeconds'>;
  readonly audit: AuditService;
  readonly mail: MailService;
  readonly connections: ConnectionService;
  readonly applications: ApplicationService;
  readonly users: UserService;
  readonly tickets: TicketService;
  readonly attackProtection: AttackProtectionService;
  readonly passwords: PasswordService;
  readonly sessions: SessionService;
  readonly identities: Pick<IdentityService, 'removeLinked' | 'list'>;
  readonly methods: Pick<AuthenticationMethodService, 'clear' | 'list'>;
}

/** Who asks for a message. */
export type AskingFrom = AskingBrowser & { readonly ip: string | null };

export interface Address {
  readonly email: string;
  readonly folded: string;
}

/** An address that somebody typed; VALIDATION_FAILED for what is none. */
export function checkedAddress(text: string, field = 'email'): Address {
  const email = text.trim();
  if (isEmailAddress(email)) return { email, folded: foldText(email) };
  throw commonErrors.VALIDATION_FAILED({
    message: 'This is no e-mail address.',
    extensions: { field },
  });
}

/** The database connection of this name; CONNECTION_DISABLED for one that is off or keeps no passwords here. */
export async function requireDatabase(
  { connections }: Pick<AccountParts, 'connections'>,
  store: Store,
  name: string | null | undefined,
): Promise<Connection> {
  const connection = await connections.require(store, name ?? defaultConnection);
  if (connection.isEnabled && strategyKind(connection.strategy) === 'DATABASE') return connection;
  throw sessionErrors.CONNECTION_DISABLED();
}

/**
 * What a person may do with the own account is decided here and allowed by no right of theirs. Records name what they did it with:
 * `sign-up`, or the ticket.
 */
export function actingFor(call: Call, subject: string, store = call.store): Call {
  return {
    ...call,
    store,
    principal: principal({
      kind: 'machine',
      userId: null,
      subject,
      sessionId: null,
      organizationId: null,
      permissions: ['read:users', 'create:users', 'update:users'],
      roles: [],
      acr: null,
      authenticatedAt: null,
    }),
  };
}
