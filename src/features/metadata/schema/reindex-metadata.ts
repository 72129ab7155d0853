import type { Call } from '#src/access/call';
import type { AttributeSchema } from '#src/access/policy';
import type { StoreName } from '#src/features/metadata/metadata-store';
import { findContents, reindexUsers } from '#src/features/metadata/schema/reindex.repository';
import { declaredProperties, isIndexed } from '#src/features/metadata/schema/schema-rules';

/** Users in one transaction: the database is not kept from other work for long. */
const batch = 500;

/** The paths whose leaves appear or disappear when one schema takes the place of another. */
export function pathsToReindex(
  before: AttributeSchema | undefined,
  after: AttributeSchema | undefined,
): readonly string[] {
  const [old, next] = [hiddenPaths(before), hiddenPaths(after)];
  return [...new Set([...old, ...next])].filter((path) => old.has(path) !== next.has(path));
}

function hiddenPaths(schema: AttributeSchema | undefined): ReadonlySet<string> {
  if (!schema) return new Set();
  return new Set(
    [...declaredProperties(schema)].flatMap(([path, { searchable }]) => (searchable === false ? [path] : [])),
  );
}

/** Brings the index of all users to what a schema says, in batches. Can be repeated without harm; answers how many users were walked. */
export async function reindexMetadata(
  call: Call,
  name: StoreName,
  schema: AttributeSchema | undefined,
  paths: readonly string[],
): Promise<number> {
  let walked = 0;
  for (let after: string | null = paths.length > 0 ? '' : null; after !== null;) {
    const from: string = after;
    const ids = await call.store.transaction(async (store) => {
      const rows = await findContents(store, name, from, batch);
      await reindexUsers(store, name, rows, paths, (path) => isIndexed(schema, path));
      return rows.map(({ userId }) => userId);
    });
    walked += ids.length;
    after = ids.length < batch ? null : (ids.at(-1) ?? null);
  }
  return walked;
}
