import type { MyAccountConfig } from '#src/config/my-account';
import type { FactorsConfig } from '#src/config/factors';
import type { AccountParts } from '#src/features/accounts/account-parts';
import type { Ring } from '#src/features/factors/challenges/challenges';
import type { AuthenticationMethodService } from '#src/features/factors/methods/authentication-method.service';
import type { ProofService } from '#src/features/factors/proofs/proof.service';
import type { IdentityService } from '#src/features/identities/identity.service';
import type { MetadataService } from '#src/features/metadata/metadata.service';
import type { LoginService } from '#src/features/profiles/logins/login.service';
import type { Store } from '#src/storage/store';

/** What linking needs of the features before it. */
export interface LinkingParts extends Pick<
  AccountParts,
  | 'audit'
  | 'mail'
  | 'connections'
  | 'applications'
  | 'users'
  | 'tickets'
  | 'attackProtection'
  | 'passwords'
  | 'sessions'
> {
  readonly config: { readonly myAccount: MyAccountConfig; readonly factors: FactorsConfig };
  readonly identities: IdentityService;
  readonly logins: LoginService;
  readonly metadata: MetadataService;
  readonly methods: AuthenticationMethodService;
  readonly proofs: ProofService;
  /** Takes back a deletion that is under way. */
  readonly keepAccount: (store: Store, userId: string) => Promise<void>;
  /** For codes by mail. */
  readonly challengeRing: Ring;
  /** For what waits. */
  readonly ring: Ring;
  /** The id of the connection that has proven a mail domain, or null; a later feature knows. */
  readonly domains: { ownerOf: (store: Store, domain: string) => Promise<string | null> };
}
