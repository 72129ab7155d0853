import { isObject, memberOf, type MetadataObject } from './metadata-store';

/** How a patch meets what is stored. */
export const metadataModes = ['MERGE_SHALLOW', 'MERGE_DEEP', 'REPLACE'] as const;
export type MetadataMode = (typeof metadataModes)[number];

/**
 * What is stored after the patch. MERGE_SHALLOW replaces whole top-level members, null removes one, `{}` clears the store.
 * MERGE_DEEP is JSON Merge Patch (RFC 7396). REPLACE stores the patch itself. The arguments are not changed.
 */
export function mergeMetadata(
  stored: MetadataObject,
  patch: MetadataObject,
  mode: MetadataMode,
): MetadataObject {
  if (mode === 'REPLACE') return patch;
  if (mode === 'MERGE_DEEP') return mergeDeep(stored, patch);
  return Object.keys(patch).length === 0 ? {} : mergeShallow(stored, patch);
}

function mergeShallow(stored: MetadataObject, patch: MetadataObject): MetadataObject {
  const merged: Record<string, unknown> = { ...stored, ...patch };
  for (const [key, value] of Object.entries(patch)) if (value === null) delete merged[key];
  return merged;
}

/** RFC 7396, section 2, `MergePatch`; the patch is an object here. */
function mergeDeep(stored: unknown, patch: MetadataObject): MetadataObject {
  const merged: Record<string, unknown> = isObject(stored) ? { ...stored } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else merged[key] = isObject(value) ? mergeDeep(memberOf(merged, key), value) : value;
  }
  return merged;
}

/** The primary's own members, and those of `other` that it lacks, at every level; arrays are one value. */
export function fillGaps(primary: MetadataObject, other: MetadataObject): MetadataObject {
  const filled: Record<string, unknown> = { ...primary };
  for (const [key, value] of Object.entries(other)) {
    const own = memberOf(filled, key);
    if (own === undefined) filled[key] = value;
    else if (isObject(own) && isObject(value)) filled[key] = fillGaps(own, value);
  }
  return filled;
}
