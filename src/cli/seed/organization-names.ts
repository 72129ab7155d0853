import type { Ids } from '#src/shared/ids';

export interface OrganizationReference {
  readonly name: string;
  /** The id it gets when it has to be created. */
  readonly id: string;
  readonly displayName: string | null;
}

const nameForm = /^[a-z0-9][a-z0-9_-]{0,49}$/;

/**
 * What a file names an organization by: its name, `org_` and its name, or an object. A new organization's id is `org_` and its
 * name where that can be an id, so that fixtures know it beforehand. Answers a sentence when the name cannot be one.
 */
export function organizationReference(
  given: string | { name: string; id?: string | undefined; display_name?: string | null | undefined },
  ids: Ids,
): OrganizationReference | string {
  const {
    name: text,
    id,
    display_name: displayName = null,
  } = typeof given === 'string' ? { name: given } : given;
  const name = text.startsWith('org_') ? text.slice('org_'.length) : text;
  if (!nameForm.test(name)) {
    return 'must be the name of an organization: 1 to 50 lower-case letters, digits, "_" and "-", beginning with a letter or digit';
  }
  if (id !== undefined && !/^org_[A-Za-z0-9]{1,32}$/.test(id))
    return 'has an id that is not "org_" and letters or digits';
  return { name, id: id ?? (/^[a-z0-9]{1,32}$/.test(name) ? `org_${name}` : ids.next('org')), displayName };
}
