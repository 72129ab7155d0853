import { commonErrors } from '#src/shared/errors';
import { filterFields } from './filter-tree';

const stores = new Map([
  ['user_metadata', 'USER'],
  ['app_metadata', 'APP'],
]);

/**
 * A filter for one attribute whose value begins with a text, for boxes where somebody picks an attribute and types. The text is a value and
 * never a query. An empty one asks that there is a value. VALIDATION_FAILED for what is no text.
 */
export function simpleFilter(attribute: string, text: string): object {
  const comparison = text === '' ? { exists: true } : { startsWith: text };
  const [root = '', ...keys] = attribute.split('.');
  const store = stores.get(root);
  if (store !== undefined && keys.length > 0)
    return { metadata: [{ store, path: keys.join('.'), ...comparison }] };
  const found = Object.entries(filterFields).find(
    ([name, { path, kind }]) => kind === 'text' && (path.join('.') === attribute || name === attribute),
  );
  if (found === undefined || single.has(found[0]))
    throw commonErrors.VALIDATION_FAILED({
      message: 'Users are not looked for by the beginning of this attribute.',
      extensions: { field: 'filterBy' },
    });
  return { [found[0]]: comparison };
}

/** Attributes that are compared whole. */
const single = new Set(['organizationId', 'roleId', 'role', 'permission', 'connection', 'provider']);
