/** The two stores of a user: `user` holds preferences the user may write, `app` what applications know about the user. */
export type StoreName = 'user' | 'app';

export type MetadataObject = Readonly<Record<string, unknown>>;

/** The attribute path of a store, under which rules and searches know it. */
export const storePaths: { readonly [store in StoreName]: string } = {
  user: 'user_metadata',
  app: 'app_metadata',
};

export function isObject(value: unknown): value is MetadataObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/** An own member; names such as `toString` that every object inherits are not members. */
export function memberOf(value: MetadataObject, key: string): unknown {
  return Object.hasOwn(value, key) ? value[key] : undefined;
}
