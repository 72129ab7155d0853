import { assertedNames } from '#src/features/connections/mapping/asserted-names';

/** What one provider said of a person's rights. */
export interface Assertion {
  readonly groups: readonly string[];
  readonly roles: readonly string[];
  readonly permissions: readonly string[];
}

export const saidNothing: Assertion = { groups: [], roles: [], permissions: [] };

export function assertionOf(attributes: Readonly<Record<string, unknown>>): Assertion {
  return {
    groups: assertedNames(attributes['groups']),
    roles: assertedNames(attributes['roles']),
    permissions: assertedNames(attributes['permissions']),
  };
}
