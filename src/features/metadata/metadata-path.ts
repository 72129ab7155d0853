import { metadataLimits, type MetadataLimits } from './check-metadata';
import { metadataErrors } from './metadata.errors';
import { isObject, memberOf, type MetadataObject } from './metadata-store';

/** The keys of a dotted path such as `addresses.home`; refuses empty keys and overlong paths. */
export function pathSegments(path: string, limits: MetadataLimits = metadataLimits): readonly string[] {
  const { maxDepth, maxKeyLength } = limits;
  const segments = path.length > 10_000 ? [] : path.split('.');
  const isWrong = segments.some((key) => key === '' || [...key].length > maxKeyLength);
  if (segments.length === 0 || segments.length > maxDepth || isWrong) {
    throw metadataErrors.INVALID_METADATA_KEY({
      message: `A path is 1 to ${maxDepth} keys joined by dots, for example addresses.home.`,
      extensions: { path: path.slice(0, 300) },
    });
  }
  return segments;
}

/** The value at a path, or null when nothing is there. A whole number picks an element of an array. */
export function valueAt(store: unknown, path: string): unknown {
  let value: unknown = store;
  for (const key of pathSegments(path)) {
    if (Array.isArray(value)) value = /^\d+$/.test(key) ? value[Number(key)] : undefined;
    else value = isObject(value) ? memberOf(value, key) : undefined;
    if (value === undefined) return null;
  }
  return value;
}

/**
 * The store with the value at the path; null removes the member, missing parents are created and a parent that is no object is
 * replaced by one. Arrays are one value: a path that leads into one is refused, for it would replace all of its members.
 *
 * SECURITY: that refusal tells what is stored. Who may not read the parent (`isReadable`) is answered as for any other value there.
 */
export function withValueAt(
  store: MetadataObject,
  path: string,
  value: unknown,
  isReadable: (path: string) => boolean = () => true,
): MetadataObject {
  return setBelow(store, pathSegments(path), value, (depth) =>
    isReadable(path.split('.').slice(0, depth).join('.')),
  );
}

function setBelow(
  parent: MetadataObject,
  [key, ...rest]: readonly string[],
  value: unknown,
  isReadable: (depth: number) => boolean,
  depth = 1,
): MetadataObject {
  const name = key as string;
  const changed: Record<string, unknown> = { ...parent };
  if (rest.length === 0) {
    if (value === null) delete changed[name];
    else changed[name] = value;
    return changed;
  }
  const child = memberOf(changed, name);
  if (Array.isArray(child) && isReadable(depth)) {
    throw metadataErrors.INVALID_METADATA_KEY({
      message: 'The path leads into a list. A list is one value: write it whole.',
      extensions: { path: name },
    });
  }
  if (value === null && !isObject(child)) return parent;
  changed[name] = setBelow(isObject(child) ? child : {}, rest, value, isReadable, depth + 1);
  return changed;
}
