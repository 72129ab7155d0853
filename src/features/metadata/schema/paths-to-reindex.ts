import type { AttributeSchema } from '#src/access/policy';
import { declaredProperties } from '#src/features/metadata/schema/schema-rules';

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
