import { columnsOf } from '#src/storage/columns';
import type { Read, RowOf, Store } from '#src/storage/store';
import { LoginRedirectSecretEntity } from './login-redirect-secret.entity';
import { LoginRedirectEntity } from './login-redirect.entity';

const redirectSelection = columnsOf(LoginRedirectEntity, 'r', [
  'name',
  'url',
  'applicationIds',
  'connections',
  'conditions',
  'payload',
  'proof',
  'recordsMethod',
  'tokenSeconds',
  'position',
  'isEnabled',
  'version',
  'createdAt',
  'updatedAt',
]);
export type LoginRedirectRow = RowOf<typeof redirectSelection>;

const allRedirects: Read<object, LoginRedirectRow> = {
  name: 'login_redirects',
  build: (builder) => builder.from(LoginRedirectEntity, 'r').orderBy('r.position').addOrderBy('r.name'),
  select: redirectSelection,
};

/** Every one in the order in which they are visited; there are few. */
export function findRedirects(store: Store): Promise<LoginRedirectRow[]> {
  return store.kept('login redirects', () => store.read(allRedirects, {}));
}

export async function saveRedirect(store: Store, row: LoginRedirectRow): Promise<void> {
  await store.upsert(LoginRedirectEntity, row, ['name']);
}

export async function deleteRedirect(store: Store, name: string): Promise<boolean> {
  return (await store.delete(LoginRedirectEntity, { name })) === 1;
}

const secretByName: Read<{ readonly name: string }, { readonly sealed: string }> = {
  name: 'login_redirect_secret',
  build: (builder) => builder.from(LoginRedirectSecretEntity, 's').where('s.redirectName = :name'),
  select: columnsOf(LoginRedirectSecretEntity, 's', ['sealed']),
};

export async function findSecret(store: Store, name: string): Promise<string | null> {
  return (await store.read(secretByName, { name }))[0]?.sealed ?? null;
}

export async function saveSecret(store: Store, row: LoginRedirectSecretEntity): Promise<void> {
  await store.upsert(LoginRedirectSecretEntity, row, ['redirectName']);
}
