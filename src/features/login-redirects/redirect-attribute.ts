import { segmentsOf } from '#src/access/attribute-path';
import { isDeepStrictEqual } from 'node:util';
import { pathSegments, valueAt } from '#src/features/metadata/metadata-path';
import { badInput } from '#src/features/roles/checked-text';
import { attributePaths, profileKeys, type ProfileKey } from '#src/features/users/profile/profile';
import type { LoginRedirectRow } from './login-redirect.repository';
import type { RedirectSubject } from './redirect-subject.repository';

const roots: ReadonlyMap<string, ProfileKey> = new Map(profileKeys.map((key) => [attributePaths[key], key]));
const stores = { user_metadata: 'userMetadata', app_metadata: 'appMetadata' } as const;

function isStore(root: string): root is keyof typeof stores {
  return Object.hasOwn(stores, root);
}

/** The canonical path of an attribute that a redirect may look at or tell; BAD_USER_INPUT for any other. */
export function redirectAttribute(field: string, text: string): string {
  const [root = '', ...below] = segmentsOf(text);
  if (roots.has(root) && below.length === 0) return root;
  if (isStore(root) && below.length > 0) {
    return [root, ...pathSegments(below.join('.'))].join('.');
  }
  throw badInput(
    field,
    `"${field}" can name ${[...roots.keys()].join(', ')} and paths below user_metadata and app_metadata.`,
  );
}

/** What the user has there; null: nothing. */
export function valueOf(attribute: string, subject: RedirectSubject): unknown {
  const root = roots.get(attribute);
  if (root !== undefined) return subject[root];
  const at = attribute.indexOf('.');
  const store = attribute.slice(0, at);
  return isStore(store) ? valueAt(subject[stores[store]] ?? {}, attribute.slice(at + 1)) : null;
}

/** Whether all conditions of a redirect hold for a user. */
export function conditionsHold(
  { conditions }: Pick<LoginRedirectRow, 'conditions'>,
  subject: RedirectSubject,
): boolean {
  return conditions.every(({ attribute, operator, value }) => {
    const stored = valueOf(attribute, subject);
    if (operator === 'MISSING') return isMissing(stored);
    return isDeepStrictEqual(stored, value) === (operator === 'EQUALS');
  });
}

function isMissing(value: unknown): boolean {
  return value === null || value === undefined || (typeof value === 'string' && value.trim() === '');
}
