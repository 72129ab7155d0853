import { readConnectionOptions } from '#src/features/connections/connection-options';
import { checkPatch, checkSize, metadataLimits, sizeOf } from '#src/features/metadata/check-metadata';
import { checkProfile } from '#src/features/users/profile/check-profile';
import { attributePaths, profileOf, type Profile } from '#src/features/users/profile/profile';
import { GatehouseError } from '#src/shared/errors';
import type { Ids } from '#src/shared/ids';
import { organizationReference, type OrganizationReference } from './organization-names';
import {
  attributesLeftOut,
  readProfileForm,
  unknownAttributes,
  type FieldProblem,
  type ProfileForm,
} from './profile-form';

export interface FileIdentity {
  readonly connection: string;
  readonly strategy: string;
  readonly providerUserId: string;
  readonly isSocial: boolean | null;
  readonly profileData: Record<string, unknown> | null;
}

/** A profile of the file, checked, in the form in which it is stored. */
export interface FileProfile {
  readonly form: ProfileForm;
  readonly profile: Profile;
  /** The first one is the primary. */
  readonly identities: readonly [FileIdentity, ...FileIdentity[]];
  readonly organizations: readonly OrganizationReference[];
  readonly attributes: Record<string, unknown> | null;
}

export interface CheckedProfiles {
  readonly profiles: readonly FileProfile[];
  /** One sentence for each mistake: `row 3 (auth0|d4), email: …`. */
  readonly problems: readonly string[];
  /** Attributes that were left out, with the number of profiles that had them. */
  readonly leftOut: ReadonlyMap<string, number>;
}

/** Checks all rows of the file and tells all that is wrong, so that the file can be mended in one go. */
export function checkProfiles(rows: readonly unknown[], ids: Ids): CheckedProfiles {
  const profiles: FileProfile[] = [];
  const problems: string[] = [];
  const leftOut = new Map<string, number>();
  const rowOfId = new Map<string, number>();
  rows.forEach((row, index) => {
    const result = checkRow(row, ids);
    const id = idOf(row);
    const earlier = id === null ? undefined : rowOfId.get(id);
    if (id !== null) rowOfId.set(id, index + 1);
    const found = 'problems' in result ? result.problems : [];
    if (earlier !== undefined) found.push(['user_id', `is that of row ${earlier} too`]);
    const label = `row ${index + 1}${id === null ? '' : ` (${id.slice(0, 100)})`}`;
    problems.push(
      ...found.map(([field, problem]) => `${label}${field === '' ? '' : `, ${field}`}: ${problem}`),
    );
    if ('problems' in result) return;
    profiles.push(result);
    for (const name of attributesLeftOut) {
      if (result.form[name] !== undefined) leftOut.set(name, (leftOut.get(name) ?? 0) + 1);
    }
  });
  return { profiles, problems, leftOut };
}

function idOf(row: unknown): string | null {
  const id = row !== null && typeof row === 'object' ? (row as { user_id?: unknown }).user_id : null;
  return typeof id === 'string' ? id : null;
}

function checkRow(row: unknown, ids: Ids): FileProfile | { problems: FieldProblem[] } {
  const read = readProfileForm(row);
  if ('problems' in read) return read;
  const form = read.profile;
  const problems: FieldProblem[] = [];
  const identities = identitiesOf(form, problems);
  const organizations = (form.organizations ?? []).map((given, index) => {
    const reference = organizationReference(given, ids);
    if (typeof reference === 'string') problems.push([`organizations[${index}]`, reference]);
    return reference;
  });
  attempt(problems, 'user_metadata', () => checkPatch(form.user_metadata ?? {}, 'user'));
  attempt(problems, 'app_metadata', () => checkPatch(form.app_metadata ?? {}, 'app'));
  attempt(problems, 'user_metadata', () =>
    checkSize(sizeOf(form.user_metadata ?? {}, form.app_metadata ?? {}), metadataLimits),
  );
  const profile = identities === null ? null : checkedProfile(form, identities[0], problems);
  if (identities === null || profile === null || problems.length > 0) return { problems };
  return {
    form,
    profile,
    identities,
    organizations: organizations as OrganizationReference[],
    attributes: unknownAttributes(form),
  };
}

/** The identities of the form; without any, the one that the user's id tells. */
function identitiesOf(form: ProfileForm, problems: FieldProblem[]): FileProfile['identities'] | null {
  const bar = form.user_id.indexOf('|');
  const strategy = form.user_id.slice(0, bar);
  const idInProvider = form.user_id.slice(bar + 1);
  if (bar < 1 || idInProvider === '' || /[\p{C}\s]/u.test(form.user_id) || form.user_id.length > 400) {
    problems.push(['user_id', 'must be a provider, "|" and the id at the provider, without spaces']);
    return null;
  }
  const [first, ...others] = form.identities ?? [{ provider: strategy, user_id: idInProvider }];
  if (first === undefined || `${first.provider}|${first.user_id}` !== form.user_id) {
    problems.push([
      'identities[0]',
      `must be the primary identity, with provider "${strategy}" and user_id "${idInProvider}"`,
    ]);
    return null;
  }
  return [asIdentity(first), ...others.map(asIdentity)];
}

function asIdentity(identity: NonNullable<ProfileForm['identities']>[number]): FileIdentity {
  return {
    connection: identity.connection ?? connectionOf(identity.provider, identity.user_id),
    strategy: identity.provider,
    providerUserId: identity.user_id,
    isSocial: identity.isSocial ?? null,
    profileData: identity.profileData ?? null,
  };
}

/** `main` for the database, the first part of an enterprise id (`samlp|corp|e5`), else the provider's own name. */
function connectionOf(provider: string, idInProvider: string): string {
  if (provider === 'auth0') return 'main';
  const bar = idInProvider.indexOf('|');
  return bar > 0 ? idInProvider.slice(0, bar) : provider;
}

function checkedProfile(form: ProfileForm, primary: FileIdentity, problems: FieldProblem[]): Profile | null {
  const given = profileOf(
    Object.fromEntries(Object.entries(attributePaths).map(([key, path]) => [key, form[path] ?? null])),
  );
  // A connection may allow user names as long as this; what it allows today is not asked of data that exists elsewhere.
  const options = readConnectionOptions({ validation: { username: { max: 128 } } });
  const rules = { strategy: primary.strategy, options };
  let isValid = true;
  const checked: Record<string, unknown> = {};
  // One by one, so that every wrong value is told and not only the first.
  for (const [key, path] of Object.entries(attributePaths)) {
    isValid =
      attempt(problems, path, () => {
        Object.assign(checked, checkProfile({ [key]: given[key as keyof Profile] }, rules));
      }) && isValid;
  }
  if (!isValid) return null;
  const profile = profileOf(checked);
  return {
    ...profile,
    emailVerified: profile.emailVerified ?? (profile.email === null ? null : false),
    phoneVerified: profile.phoneVerified ?? (profile.phoneNumber === null ? null : false),
  };
}

/** Whether the check passes; its sentence, without the property's own name in front, becomes a problem of the field. */
function attempt(problems: FieldProblem[], field: string, check: () => unknown): boolean {
  try {
    check();
    return true;
  } catch (error) {
    if (!(error instanceof GatehouseError)) throw error;
    const property = error.extensions['field'];
    const message =
      typeof property === 'string' ? error.message.replace(new RegExp(`^${property} `), '') : error.message;
    problems.push([field, message]);
    return false;
  }
}
