import { segmentsOf } from '#src/access/attribute-path';
import { attributeRuleErrors } from '#src/features/attribute-rules/attribute-rule.errors';

/** A name that was not taken, and why. */
export interface BlacklistRejection {
  readonly name: string;
  readonly code: string;
  readonly message: string;
}

/** Without these the gateway could not name, find, sign in or show anybody. Parts of the containers among them can be listed. */
const indispensable = new Set([
  'id',
  'user_id',
  'identities',
  'created_at',
  'updated_at',
  'blocked',
  'logins_count',
  'last_login',
  'user_metadata',
  'app_metadata',
  'attributes',
]);

/** A database connection that is concerned: what its users sign in with cannot be listed. */
export interface SignInRules {
  readonly requiresUsername: boolean;
}

/**
 * The names in their one spelling, each once, and those that cannot be listed. `databases` are the database connections whose users
 * the list concerns: their login identifiers stay.
 */
export function sortOut(
  names: readonly string[],
  databases: readonly SignInRules[],
): { readonly accepted: readonly string[]; readonly rejected: readonly BlacklistRejection[] } {
  const identifiers = new Set<string>();
  if (databases.length > 0) identifiers.add('email');
  if (databases.some(({ requiresUsername }) => requiresUsername)) identifiers.add('username');
  const accepted = new Set<string>();
  const rejected: BlacklistRejection[] = [];
  for (const name of new Set(names)) {
    const segments = segmentsOf(name);
    const path = segments.join('.');
    if (
      indispensable.has(path) ||
      identifiers.has(path) ||
      segments.some((segment) => segment.startsWith('*'))
    ) {
      const { code, message } = attributeRuleErrors.ATTRIBUTE_NOT_BLACKLISTABLE();
      rejected.push({ name, code, message });
    } else accepted.add(path);
  }
  return { accepted: [...accepted], rejected };
}
