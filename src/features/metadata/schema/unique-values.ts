import { createHash } from 'node:crypto';
import { flatten } from '#src/features/metadata/flatten';
import type { MetadataObject } from '#src/features/metadata/metadata-store';

export interface UniqueValue {
  readonly path: string;
  readonly valueHash: string;
}

/** The values of a store at these paths, each once. */
export function uniqueValues(content: MetadataObject, paths: readonly string[]): readonly UniqueValue[] {
  const wanted = new Set(paths);
  return flatten(content)
    .filter((leaf) => wanted.has(leaf.path))
    .map(({ path, kind, value }) => ({ path, valueHash: hash(`${kind}:${String(value)}`) }));
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
