import type { Platform } from '#src/access/platform';
import type { Secrets } from '#src/config/open-secrets';
import { MyAccountChangesResolver } from '#src/features/my-account/my-account-changes.resolver';
import { accountDeletionHandling } from '#src/features/my-account/deletion/account-deletion.job';
import { dropDeletion } from '#src/features/my-account/deletion/account-deletion.repository';
import type { DeletionParts } from '#src/features/my-account/deletion/delete-account';
import type { ExportParts } from '#src/features/my-account/export/data-export';
import type { LinkParts } from '#src/features/my-account/linking/link-account';
import { LinkResolver } from '#src/features/my-account/linking/link.resolver';
import { MyAccountResolver } from '#src/features/my-account/my-account.resolver';
import type { FeatureParts } from '#src/graphql/feature';
import type { Store } from '#src/storage/store';
import { myAccountPermissions } from './my-account.permissions';

export type MyAccountServices = Omit<DeletionParts & ExportParts & LinkParts, 'config' | 'ring'>;

export interface StartedMyAccount {
  /** Takes back a deletion that is under way, if there is one. Inside the transaction of `store`. */
  keepAccount(store: Store, userId: string): Promise<void>;
}

/** My Account: what people see and change of themselves. */
export function startMyAccount(
  { config: { myAccount, factors } }: { readonly config: Pick<Platform['config'], 'myAccount' | 'factors'> },
  secrets: Pick<Secrets, 'ring'>,
  services: MyAccountServices,
): FeatureParts & StartedMyAccount {
  const parts = { ...services, config: { myAccount, factors }, ring: () => secrets.ring('factors') };
  return {
    name: 'my-account',
    resolvers: [new MyAccountResolver(), new MyAccountChangesResolver(parts), new LinkResolver(parts)],
    permissions: myAccountPermissions,
    jobs: [accountDeletionHandling(services.users)],
    keepAccount: async (store, userId) => void (await dropDeletion(store, userId)),
  };
}
