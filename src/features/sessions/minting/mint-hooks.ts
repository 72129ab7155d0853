import type { Call } from '#src/access/call';
import type { Store } from '#src/storage/store';
import type { ProvenMethod, ProvenUser } from './proven-user';

/** For whom a token is about to be made. */
export interface ClaimSubject {
  readonly userId: string;
  readonly clientId: string;
  readonly organizationId: string | null;
  readonly methods: readonly ProvenMethod[];
}

/** Where other features take part in what was just allowed; inside its transaction, so that one that throws undoes the sign-in. */
export interface MintHooks {
  /** A user signed in, and the session is about to be made. */
  readonly signedIn: ((store: Store, call: Call, user: ProvenUser) => Promise<void>)[];
  /** Claims of access tokens besides ours, under names with a namespace; at most a kilobyte together. */
  readonly claims: ((store: Store, subject: ClaimSubject) => Promise<Readonly<Record<string, unknown>>>)[];
}

export function createMintHooks(): MintHooks {
  return { signedIn: [], claims: [] };
}
