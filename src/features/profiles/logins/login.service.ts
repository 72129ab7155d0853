import type { Call } from '#src/access/call';
import type { Claims } from '#src/features/connections/mapping/map-claims';
import { loginErrors } from './login.errors';
import {
  arrivalOf,
  recordArrival,
  recordLogin,
  writtenPaths,
  type Arrival,
  type Login,
  type LoginParts,
  type RecordedLogin,
} from './record-login';
import type { LoginProfile } from '#src/features/users/changes/store-login';
import type { UserStanding } from '#src/features/users/standing';
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

/** What becomes of somebody whose identity nobody here has yet. */
export type Met<Waiting> =
  /** A user of its own. */
  | { readonly kind: 'NEW' }
  /** The identity was given to a user who was here already. */
  | { readonly kind: 'ATTACHED' }
  /** Nothing yet: something has to be proved first. */
  | { readonly kind: 'WAITS'; readonly waiting: Waiting };

/** Decides about a new identity, inside the transaction of the sign-in: of two at the same moment the later one finds it done. */
export type Meet<Waiting> = (store: Store, call: Call, arrival: Arrival) => Promise<Met<Waiting>>;

export type TakenOver<Waiting> =
  | {
      readonly kind: 'USER';
      readonly userId: string;
      /** As the row says that the transaction has locked and left as it was; null: not known. */
      readonly standing: UserStanding | null;
    }
  | { readonly kind: 'WAITS'; readonly waiting: Waiting };

/** Somebody who waited and is to be a user of its own after all. */
export interface Settling {
  readonly profile: LoginProfile;
  readonly providerUserId: string;
  readonly applicationId: string | null;
}

/** Sign-ins at connections: what they make and change of a user. */
export class LoginService {
  /** Where later features take part in a sign-in that was not refused. */
  readonly signedIn: SignedInListener[] = [];

  constructor(private readonly parts: LoginParts) {}

  /** For sign-in code of this gateway, inside the transaction of `store`; see `recordLogin`. */
  async recordInside(store: Store, call: Call, login: Login): Promise<RecordedLogin> {
    return this.tell(store, call, login, await recordLogin(this.parts, store, call, login));
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

  /**
   * The same for who may belong to a user who is here already: `meet` decides about an identity that nobody has yet. Inside the transaction
   * of `store`, which `atOnce` runs.
   */
  async arrive<Waiting>(
    store: Store,
    call: Call,
    login: Login,
    meet: Meet<Waiting>,
  ): Promise<TakenOver<Waiting>> {
    const uncounted = { ...login, isCounted: false };
    let arrival = await arrivalOf(this.parts, store, call, uncounted);
    if (arrival.identity === null) {
      const met = await meet(store, call, arrival);
      if (met.kind === 'WAITS') return met;
      if (met.kind === 'ATTACHED') arrival = await arrivalOf(this.parts, store, call, uncounted);
    }
    const recorded = await recordArrival(this.parts, store, call, uncounted, arrival);
    await this.tell(store, call, uncounted, recorded);
    const isAsRead = recorded.outcome !== 'CREATED' && recorded.changed.length === 0;
    return { kind: 'USER', userId: recorded.user.id, standing: isAsRead ? arrival.standing : null };
  }

  /** Tells the listeners outside the database of a sign-in that was committed. */
  announce(userId: string): void {
    this.parts.users.announce(userId);
  }

  /** What a provider says of somebody here, inside the transaction of `store`; changes nothing. For who looks before deciding. */
  arrival(store: Store, call: Call, login: Login): Promise<Arrival> {
    return arrivalOf(this.parts, store, call, login);
  }

  /** Makes the user of somebody who waited; answers its id. CONFLICT where somebody has the identity by now. */
  async settle(store: Store, call: Call, { profile, ...settling }: Settling): Promise<string> {
    const { providerUserId, applicationId } = settling;
    const { id } = await this.parts.users.createFromLogin(call, store, { ...profile, providerUserId });
    const connection = profile.connection.name;
    await this.parts.audit.record(store, call, {
      ...{ action: 'user.login', targetType: 'User', targetId: id, changedPaths: writtenPaths(profile) },
      details: { connection, outcome: 'CREATED' },
    });
    await this.tellSignedIn(store, call, id, connection, {
      attributes: profile.claims.attributes,
      applicationId,
    });
    return id;
  }

  /** Lets later features take part, for who brought a sign-in to its end by itself. */
  async tellSignedIn(...told: Parameters<SignedInListener>): Promise<void> {
    for (const listener of this.signedIn) await listener(...told);
  }

  private async tell(
    store: Store,
    call: Call,
    login: Login,
    recorded: RecordedLogin,
  ): Promise<RecordedLogin> {
    if (recorded.outcome === 'BLOCKED') return recorded;
    const said = { attributes: recorded.asserted, applicationId: login.applicationId ?? null };
    await this.tellSignedIn(store, call, recorded.user.id, login.connection, said);
    return recorded;
  }

  private async attempt(call: Call, login: Login): Promise<RecordedLogin> {
    const recorded = await this.atOnce(() =>
      call.store.transaction((store) => this.recordInside(store, call, login)),
    );
    this.parts.users.announce(recorded.user.id);
    return recorded;
  }

  /** Runs a sign-in whose transaction may make a user: of two at the same moment the later one finds what the other made. */
  atOnce<Result>(signIn: () => Promise<Result>): Promise<Result> {
    return signIn().catch((error: unknown) => {
      if (error instanceof GatehouseError && error.code === 'CONFLICT') return signIn();
      throw error;
    });
  }
}
