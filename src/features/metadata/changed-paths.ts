import { isObject, memberOf, type MetadataObject } from './metadata-store';

/** The dotted paths whose value differs: as deep as both sides are objects; an array is one value. Sorted, without duplicates. */
export function changedPaths(before: MetadataObject, after: MetadataObject): readonly string[] {
  return [...differences(before, after, '')].sort();
}

function* differences(before: MetadataObject, after: MetadataObject, prefix: string): Generator<string> {
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const left = memberOf(before, key);
    const right = memberOf(after, key);
    const path = prefix + key;
    if (isObject(left) && isObject(right)) yield* differences(left, right, `${path}.`);
    else if (!isSameJson(left, right)) yield path;
  }
}

/** Whether two JSON values are equal; the order of members does not count. */
function isSameJson(left: unknown, right: unknown): boolean {
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, index) => isSameJson(item, right[index]));
  }
  if (!isObject(left) || !isObject(right)) return left === right;
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && isSameJson(left[key], right[key]))
  );
}

/** Every path that a value written at `prefix` names, containers included. Array positions are dropped. */
export function touchedPaths(value: unknown, prefix = ''): readonly string[] {
  const paths = new Set<string>();
  collect(value, prefix, paths);
  return [...paths];
}

function collect(value: unknown, prefix: string, paths: Set<string>): void {
  if (Array.isArray(value)) {
    for (const item of value) collect(item, prefix, paths);
  } else if (isObject(value)) {
    for (const [key, item] of Object.entries(value)) {
      const path = prefix === '' ? key : `${prefix}.${key}`;
      paths.add(path);
      collect(item, path, paths);
    }
  }
}

/** The paths that a deep merge of the patch writes: containers are merged, not written. */
export function mergedPaths(patch: MetadataObject, prefix = ''): readonly string[] {
  return Object.entries(patch).flatMap(([key, value]) =>
    isObject(value)
      ? mergedPaths(value, `${prefix}${key}.`)
      : [prefix + key, ...touchedPaths(value, prefix + key)],
  );
}
