import type { Store } from '#src/storage/store';

/** How the nodes learn that the snapshot of stored rules is another: the same way as for attribute rules. */
export interface PolicyVersion {
  /** Moves the version on, in the transaction of the change. */
  raise(store: Store): Promise<void>;
  /** Reads the snapshot anew on this node, after the commit. */
  refresh(): Promise<void>;
}
