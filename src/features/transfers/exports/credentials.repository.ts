import { AuthenticationMethodEntity } from '#src/features/factors/methods/authentication-method.entity';
import { TotpSecretEntity } from '#src/features/factors/totp/totp-secret.entity';
import { PasswordEntity } from '#src/features/passwords/password.entity';
import { column, columnsOf, expression } from '#src/storage/columns';
import type { Read, Store } from '#src/storage/store';

interface Keys {
  readonly ids: readonly string[];
}

export interface StoredPassword {
  readonly userId: string;
  readonly hash: string;
  readonly mustChange: boolean;
}

/** A confirmed second factor. */
export interface StoredFactor {
  readonly userId: string;
  readonly id: string;
  readonly type: string;
  /** Null: no authenticator app. */
  readonly sealedSeed: string | null;
}

const passwords: Read<Keys, StoredPassword> = {
  name: 'export_passwords',
  build: (builder, dialect) => builder.from(PasswordEntity, 'p').where(dialect.anyOf('p.userId', ':ids')),
  select: columnsOf(PasswordEntity, 'p', ['userId', 'hash', 'mustChange']),
};

const factors: Read<Keys, StoredFactor> = {
  name: 'export_factors',
  build: (builder, dialect) =>
    builder
      .from(AuthenticationMethodEntity, 'am')
      .leftJoin(TotpSecretEntity, 't', 't.methodId = am.id')
      .where(dialect.anyOf('am.userId', ':ids'))
      .andWhere('am.isConfirmed')
      .orderBy('am.createdAt')
      .addOrderBy('am.id'),
  select: {
    ...columnsOf(AuthenticationMethodEntity, 'am', ['id', 'type']),
    userId: column(AuthenticationMethodEntity, 'am', 'userId'),
    sealedSeed: expression<string | null>('"t"."sealed_seed"', 'text'),
  },
};

export interface StoredCredentials {
  readonly password: StoredPassword | null;
  readonly factors: readonly StoredFactor[];
}

/** What users prove themselves with, by user. */
export async function findCredentials(
  store: Store,
  ids: readonly string[],
): Promise<(userId: string) => StoredCredentials> {
  if (ids.length === 0) return () => ({ password: null, factors: [] });
  const [hashes, methods] = await Promise.all([store.read(passwords, { ids }), store.read(factors, { ids })]);
  const passwordOf = new Map(hashes.map((row) => [row.userId, row]));
  return (userId) => ({
    password: passwordOf.get(userId) ?? null,
    factors: methods.filter((row) => row.userId === userId),
  });
}
