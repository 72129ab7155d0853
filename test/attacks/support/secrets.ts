import { IdentityEntity } from '#src/features/identities/identity.entity';
import { flatten } from '#src/features/metadata/flatten';
import { MetadataEntity } from '#src/features/metadata/metadata.entity';
import { MetadataLeafEntity } from '#src/features/metadata/metadata-leaf.entity';
import { insertLeaves } from '#src/features/metadata/metadata.repository';
import { LoginIdentifierEntity } from '#src/features/users/identifiers/login-identifier.entity';
import { UserEntity } from '#src/features/users/user.entity';
import type { Storage, Store } from '#src/storage/store';

/** Something of a user that a caller must not learn: stored and removed below every gate, leaving no other trace. */
export interface Secret {
  /** The attribute path of the rule that hides it. */
  readonly path: string;
  store(): Promise<void>;
  remove(): Promise<void>;
}

type Columns = Partial<UserEntity>;

const folded = (text: string | null): string | null => text?.toLowerCase() ?? null;

/** Everything that is stored beside a column, as the gateway itself would store it. */
function withFolds(columns: Columns): Columns {
  const { email, name, givenName, familyName, nickname } = columns;
  return {
    ...columns,
    ...(email === undefined
      ? {}
      : { emailFolded: folded(email), emailDomain: folded(email)?.split('@')[1] ?? null }),
    ...(name === undefined ? {} : { nameFolded: folded(name) }),
    ...(givenName === undefined ? {} : { givenNameFolded: folded(givenName) }),
    ...(familyName === undefined ? {} : { familyNameFolded: folded(familyName) }),
    ...(nickname === undefined ? {} : { nicknameFolded: folded(nickname) }),
  };
}

const identifierKinds = { email: 'email', username: 'username', phoneNumber: 'phone' } as const;

/** A value in one or more columns of the user; absent, they are null. */
export function columnSecret(storage: Storage, userId: string, path: string, columns: Columns): Secret {
  const write = (values: Columns): Promise<void> =>
    storage.open().transaction(async (store) => {
      await store.update(UserEntity, { id: userId }, withFolds(values));
      for (const [key, kind] of Object.entries(identifierKinds)) {
        const value = values[key as keyof typeof identifierKinds];
        if (value === undefined) continue;
        await store.delete(LoginIdentifierEntity, { userId, kind });
        if (value !== null)
          await store.insert(LoginIdentifierEntity, {
            connection: 'main',
            kind,
            value: value.toLowerCase(),
            userId,
          });
      }
    });
  const empty = Object.fromEntries(Object.keys(columns).map((key) => [key, null])) as Columns;
  return { path, store: () => write(columns), remove: () => write(empty) };
}

type Json = Record<string, unknown>;

/** The metadata of the user with and without the secret. Size and version are left as they are. */
export function metadataSecret(
  storage: Storage,
  userId: string,
  path: string,
  states: { readonly with: { user?: Json; app?: Json }; readonly without: { user?: Json; app?: Json } },
): Secret {
  const write = ({ user = {}, app = {} }: { user?: Json; app?: Json }): Promise<void> =>
    storage.open().transaction(async (store) => {
      await store.update(MetadataEntity, { userId }, { userJson: user, appJson: app });
      await store.delete(MetadataLeafEntity, { userId });
      await insertLeaves(store, userId, 'user', flatten(user));
      await insertLeaves(store, userId, 'app', flatten(app));
    });
  return { path, store: () => write(states.with), remove: () => write(states.without) };
}

/** Pass-through attributes of the provider. */
export function attributesSecret(
  storage: Storage,
  userId: string,
  path: string,
  states: { readonly with: Json | null; readonly without: Json | null },
): Secret {
  const write = (attributes: Json | null) => async (): Promise<void> => {
    await storage.open().transaction((store) => store.update(UserEntity, { id: userId }, { attributes }));
  };
  return { path, store: write(states.with), remove: write(states.without) };
}

/** What a linked identity keeps. */
export function profileDataSecret(
  storage: Storage,
  identity: { readonly userId: string; readonly connection: string },
  path: string,
  states: { readonly with: Json | null; readonly without: Json | null },
): Secret {
  const write = (profileData: Json | null) => async (): Promise<void> => {
    await storage.open().transaction((store) => store.update(IdentityEntity, identity, { profileData }));
  };
  return { path, store: write(states.with), remove: write(states.without) };
}

/** Rows of another table that belong to the user. */
export function rowSecret(
  storage: Storage,
  path: string,
  change: {
    readonly insert: (store: Store) => Promise<unknown>;
    readonly remove: (store: Store) => Promise<unknown>;
  },
): Secret {
  const run = (work: (store: Store) => Promise<unknown>) => async (): Promise<void> => {
    await storage.open().transaction(work);
  };
  return { path, store: run(change.insert), remove: run(change.remove) };
}
