import { decide, type ObjectFacts } from '#src/access/decide';
import type { ViewInputs } from './oidc-view';
import { attributePaths, profileKeys } from '#src/features/users/profile/profile';
import { defaultName, defaultNickname } from '#src/features/users/profile/profile-defaults';
import { readableAttributes } from '#src/features/users/profile/readable-attributes';
import type { UserRow } from '#src/features/users/user-row';
import type { RequestContext } from '#src/graphql/request-context';

/** A user as far as the caller may read it, attribute by attribute: what every view and computed value is made of. */
export interface ReadableProfile extends ViewInputs {
  /** Whether the caller may read an attribute as it is; a masked one may not be computed with. */
  readonly mayRead: (path: string) => boolean;
}

/**
 * SECURITY: a view made of a hidden attribute would reveal it. Name and nickname that were never given are made of readable attributes
 * alone; the picture is added by whoever needs it.
 */
export function readableProfile(context: RequestContext, user: UserRow, facts: ObjectFacts): ReadableProfile {
  const mayRead = (path: string): boolean => decide(context, 'READ', path, facts) === 'ALLOW';
  const root: Record<string, unknown> = {};
  for (const key of profileKeys) {
    const path = attributePaths[key];
    if (user[key] !== null && mayRead(path)) root[path] = user[key];
  }
  if (user.name === null && mayRead('name')) root['name'] = defaultName(user, mayRead) ?? undefined;
  if (user.nickname === null && mayRead('nickname'))
    root['nickname'] = defaultNickname(user, mayRead) ?? undefined;
  const attributes =
    user.attributes !== null && mayRead('attributes')
      ? readableAttributes(context, 'attributes', user.attributes, facts)
      : {};
  return {
    userId: user.id,
    root,
    attributes,
    updatedAt: mayRead('updated_at') ? user.updatedAt : null,
    mayRead,
  };
}
