/** What a caller does with an attribute. READ denied implies every other reading use denied. */
export const attributeActions = [
  'READ',
  'WRITE',
  'FILTER',
  'SORT',
  'AGGREGATE',
  'EXPORT',
  'TOKEN',
  'LOG',
  'EVENT',
] as const;
export type AttributeAction = (typeof attributeActions)[number];

/** The arguments of `@auth`: allowed when any role matches, or every permission of any inner list, or (with orSelf) the object is the caller's own. */
export interface AuthRule {
  readonly roles?: readonly string[];
  readonly permissions?: readonly (readonly string[])[];
  readonly orSelf?: boolean;
  readonly acr?: string;
  /** Seconds since the sign-in. */
  readonly maxAge?: number;
}

/** Everything declared beside one place of the schema (object type, field, argument, input field or enum value). Plain data. */
export interface AccessRule {
  readonly public?: true;
  readonly withParent?: true;
  readonly blacklisted?: true;
  readonly auth?: AuthRule;
  /** Path of a profile attribute in its stored spelling: `email`, `family_name`, `user_metadata`, `identities.profileData`. */
  readonly attribute?: string;
}
