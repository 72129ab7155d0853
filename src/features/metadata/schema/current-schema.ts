import type { AttributeSchema, Policy } from '#src/access/policy';
import type { StoreName } from '#src/features/metadata/metadata-store';
import { schemaOf } from '#src/features/metadata/schema/enforce-schema';
import { findPolicyVersion, findSchema } from '#src/features/metadata/schema/metadata-schema.repository';
import { snapshotOf } from '#src/features/metadata/schema/schema-rules';
import type { Store } from '#src/storage/store';

/**
 * What is declared of a store at the moment of a write. A node that has not heard yet of a new schema must not store a value that the
 * schema forbids, nor one that has to be unique without reserving it: the job that reserves what was stored before may have passed.
 *
 * @param storedVersion of the policy, if it was read in this transaction
 */
export async function currentSchema(
  store: Store,
  policy: Policy,
  name: StoreName,
  storedVersion?: number,
): Promise<AttributeSchema | undefined> {
  const version = storedVersion ?? (await findPolicyVersion(store));
  if (version <= policy.version) return schemaOf(policy, name);
  const stored = await findSchema(store, name);
  return stored ? snapshotOf(stored) : undefined;
}
