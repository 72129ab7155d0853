import type { Call } from '#src/access/call';
import type { Store } from '#src/storage/store';

/** Where features that come later take part in what happens to organizations, inside the same transaction. */
export interface OrganizationHooks {
  /** The organization is about to be deleted: what is bound to it, such as sessions, ends. */
  readonly deleting: ((store: Store, call: Call, organizationId: string) => Promise<void>)[];
}
