import type { Call } from '#src/access/call';
import type { Claims } from '#src/features/connections/mapping/map-claims';
import { loginErrors } from './login.errors';
import { recordLogin, type Login, type LoginParts, type RecordedLogin } from './record-login';
import { commonErrors, GatehouseError } from '#src/shared/errors';
import type { Store } from '#src/storage/store';

/** Runs inside the transaction of the sign-in; one that throws undoes it. */
export type SignedInListener = (
  store: Store,
  call: Call,
  userId: string,
  connection: string,
  /** What the provider said that no blacklist stopped, besides the attributes of the user. */
  said: SaidOnLogin,
) => Promise<void>;

export interface SaidOnLogin {
  readonly attributes: Claims;
  /** The application that the sign-in is for, where it is known. */
  readonly applicationId: string | null;
}

/** Sign-ins at connections: what they make and change of a user. */
export class LoginService {
  /** Where later features take part in a sign-in that was not refused. */
  readonly signedIn: SignedInListener[] = [];

  constructor(private readonly parts: LoginParts) {}

  /** For sign-in code of this gateway, inside the transaction of `store`; see `recordLogin`. */
  async recordInside(store: Store, call: Call, login: Login): Promise<RecordedLogin> {
    const recorded = await recordLogin(this.parts, store, call, login);
    if (recorded.outcome === 'BLOCKED') return recorded;
    const said = { attributes: recorded.asserted, applicationId: login.applicationId ?? null };
    for (const listener of this.signedIn)
      await listener(store, call, recorded.user.id, login.connection, said);
    return recorded;
  }

  /** One whole sign-in. A blocked user's is counted and refused with USER_BLOCKED. */
  async record(call: Call, login: Login): Promise<RecordedLogin> {
    if (call.principal.organizationId !== null) {
      // SECURITY: it would make users, and tell of users, outside the organization.
      throw commonErrors.FORBIDDEN({
        message: 'Sign-ins are recorded by callers that are not bound to an organization.',
      });
    }
    const recorded = await this.attempt(call, login);
    if (recorded.outcome === 'BLOCKED') throw loginErrors.USER_BLOCKED();
    return recorded;
  }

  /**
   * What a provider said of somebody who is about to sign in: makes the user or brings it up to date, and answers its id. Whether a blocked
   * one gets in, and the counters, are the business of the sign-in that follows.
   */
  async takeOver(call: Call, login: Login): Promise<string> {
    return (await this.attempt(call, { ...login, isCounted: false })).user.id;
  }

  /** Of two first sign-ins at the same moment the later one finds the user that the other made. */
  private async attempt(call: Call, login: Login): Promise<RecordedLogin> {
    const work = (): Promise<RecordedLogin> =>
      call.store.transaction((store) => this.recordInside(store, call, login));
    const recorded = await work().catch((error: unknown) => {
      if (error instanceof GatehouseError && error.code === 'CONFLICT') return work();
      throw error;
    });
    this.parts.users.announce(recorded.user.id);
    return recorded;
  }
}
