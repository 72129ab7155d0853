import { IdentityEntity } from './identity.entity';
import { identityColumns, type IdentityRow } from './identity.repository';
import { readSources, type AttributeSources } from '#src/features/users/profile/attribute-sources';
import { standingColumns, type UserStanding } from '#src/features/users/standing';
import { userColumns, type UserRow } from '#src/features/users/user-row';
import { UserEntity } from '#src/features/users/user.entity';
import { column } from '#src/storage/columns';
import { rowPart } from '#src/storage/row-codec';
import { sql } from '#src/storage/sql';
import type { ComposedRead, SelectedColumn, Store } from '#src/storage/store';

/** Somebody from a provider who is here already. */
export interface ArrivingUser {
  readonly identity: IdentityRow;
  readonly user: UserRow;
  readonly sources: AttributeSources;
  readonly standing: UserStanding;
}

type Columns = Readonly<Record<string, SelectedColumn>>;

function under(prefix: string, columns: Columns): Columns {
  return Object.fromEntries(
    Object.entries(columns).map(([name, selected]) => [`${prefix}_${name}`, selected]),
  );
}

function part<Row>(prefix: string, columns: Columns): (row: object) => Row {
  const take = rowPart(Object.keys(columns).map((name) => [name, `${prefix}_${name}`]));
  return (row) => take(row as Readonly<Record<string, unknown>>) as Row;
}

const identityOf = part<IdentityRow>('identity', identityColumns);
const userOf = part<UserRow>('user', userColumns);
const standingOf = part<UserStanding & { readonly settingsVersion: string }>('standing', standingColumns);

interface ArrivingRow {
  readonly sources: unknown;
}

const arriving: ComposedRead<
  { readonly connection: string; readonly first: string; readonly second: string },
  ArrivingRow
> = {
  name: 'arriving_users',
  compose: (
    { dialect, column: at, table },
    columns,
  ) => sql`SELECT ${columns} FROM ${table(IdentityEntity)} AS i
      JOIN ${table(UserEntity)} AS u ON ${at(UserEntity, 'id', 'u')} = ${at(IdentityEntity, 'userId', 'i')}
      WHERE ${at(IdentityEntity, 'connection', 'i')} = ${sql.parameter('connection')}
      AND ${at(IdentityEntity, 'providerUserId', 'i')} IN (${sql.parameter('first')}, ${sql.parameter('second')})${dialect.forUpdateOf('u')}`,
  select: {
    ...under('identity', identityColumns),
    ...under('user', userColumns),
    ...under('standing', standingColumns),
    sources: column(UserEntity, 'u', 'attributeSources'),
  },
};

/** The identity with the first of these ids (one or two) at the connection that anybody has, with its user, who is locked; null: nobody has one. */
export async function findArriving(
  store: Store,
  connection: string,
  providerUserIds: readonly string[],
): Promise<ArrivingUser | null> {
  const [first = '', second = first] = providerUserIds;
  const rows = await store.read(arriving, { connection, first, second });
  const found = new Map(rows.map((row) => [identityOf(row).providerUserId, row]));
  const row = providerUserIds.map((id) => found.get(id)).find((one) => one !== undefined);
  if (row === undefined) {
    store.settingsAre(null);
    return null;
  }
  const { settingsVersion, ...standing } = standingOf(row);
  store.settingsAre(settingsVersion);
  return { identity: identityOf(row), user: userOf(row), sources: readSources(row.sources), standing };
}
