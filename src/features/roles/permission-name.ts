import { badInput } from './checked-text';

/** Scopes that OpenID Connect gives a meaning of its own; a resource server cannot define them. */
const reservedScopes = new Set(['openid', 'profile', 'email', 'offline_access', 'address', 'phone']);

/** What a scope may hold after RFC 6749, section 3.3: printable ASCII without space, quotation mark and backslash. */
const scopeToken = /^[\x21\x23-\x5b\x5d-\x7e]{1,280}$/;

/** Refuses a permission name that a token could not carry as a scope, or that is reserved. */
export function checkPermissionName(field: string, name: string): string {
  if (!scopeToken.test(name)) {
    throw badInput(
      field,
      'A permission name has 1 to 280 printable ASCII characters without spaces, " and \\, for example read:invoices.',
    );
  }
  if (reservedScopes.has(name)) {
    throw badInput(field, `"${name}" is a standard scope and cannot be a permission.`);
  }
  return name;
}
