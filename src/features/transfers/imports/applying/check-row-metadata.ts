import { changedPaths } from '#src/features/metadata/changed-paths';
import { assertMeetsSchema, schemaOf } from '#src/features/metadata/schema/enforce-schema';
import type { Finding } from '#src/features/transfers/formats/import-format';
import type { NativeRow } from '#src/features/transfers/formats/native/native-row';
import { GatehouseError } from '#src/shared/errors';
import type { Applying } from './apply-rows';
import type { ChunkFacts } from './chunk-facts';

type Stores = Pick<NativeRow, 'user_metadata' | 'app_metadata'>;

/** Holds the metadata of a row against the declared schemas, and unique values against those of others; null: nothing is wrong. */
export function checkMetadata(
  { call }: Pick<Applying, 'call'>,
  facts: ChunkFacts,
  row: Stores,
  before: Stores = {},
): Finding | null {
  for (const name of ['user', 'app'] as const) {
    const schema = schemaOf(call.policy, name);
    const member = `${name}_metadata` as const;
    if (!schema || !row[member]) continue;
    try {
      assertMeetsSchema(schema, row[member], changedPaths(before[member] ?? {}, row[member]));
    } catch (error) {
      if (!(error instanceof GatehouseError)) throw error;
      return { code: error.code, message: error.message, path: member };
    }
  }
  if (!facts.hasUnique) return null;
  const own = new Set(
    facts.uniqueOf(before).map(({ store, path, valueHash }) => `${store} ${path} ${valueHash}`),
  );
  const taken = facts
    .uniqueOf(row)
    .find((value) => facts.isTaken(value) && !own.has(`${value.store} ${value.path} ${value.valueHash}`));
  if (!taken) return null;
  const path = `${taken.store}_metadata.${taken.path}`;
  return {
    code: 'METADATA_VALUE_TAKEN',
    message: 'Another user has this value, which must be unique.',
    path,
  };
}
