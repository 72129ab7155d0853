/** The root attributes that callers may give when they create or change a user. Absent: leave; null: unset. */
export interface ProfileChange {
  readonly email?: string | null;
  readonly emailVerified?: boolean | null;
  readonly username?: string | null;
  readonly phoneNumber?: string | null;
  readonly phoneVerified?: boolean | null;
  readonly name?: string | null;
  readonly givenName?: string | null;
  readonly familyName?: string | null;
  readonly nickname?: string | null;
  readonly picture?: string | null;
}

export type ProfileKey = keyof ProfileChange;

/** A whole profile: every attribute present, null where unset. */
export type Profile = { readonly [key in ProfileKey]-?: NonNullable<ProfileChange[key]> | null };

/** The attribute path (the stored spelling, under which rules and searches know it) of each property. */
export const attributePaths: { readonly [key in ProfileKey]: string } = {
  email: 'email',
  emailVerified: 'email_verified',
  username: 'username',
  phoneNumber: 'phone_number',
  phoneVerified: 'phone_verified',
  name: 'name',
  givenName: 'given_name',
  familyName: 'family_name',
  nickname: 'nickname',
  picture: 'picture',
};

export const profileKeys = Object.keys(attributePaths) as readonly ProfileKey[];

/** The attributes that a synchronising connection overwrites at each login. */
export const synchronisedKeys: readonly ProfileKey[] = [
  'name',
  'nickname',
  'givenName',
  'familyName',
  'picture',
];

/** The attributes that identify a user at sign-in. */
export const identifierKeys = ['email', 'username', 'phoneNumber'] as const;

/** The members of `change` that differ from what is stored: a value sent again as it is stored is not a change. */
export function changedKeys(stored: Profile, change: ProfileChange): readonly ProfileKey[] {
  return profileKeys.filter((key) => change[key] !== undefined && change[key] !== stored[key]);
}

/** Only the profile attributes of a larger object, such as a row; an absent one is null. */
export function profileOf(source: ProfileChange): Profile {
  return Object.fromEntries(profileKeys.map((key) => [key, source[key] ?? null])) as unknown as Profile;
}
