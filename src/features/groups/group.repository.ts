import { GroupEntity } from './group.entity';
import { refuseTaken } from '#src/storage/refuse-taken';
import { foldText } from '#src/features/users/fold-text';
import type { Page, PageArguments } from '#src/shared/page';
import { columnsOf } from '#src/storage/columns';
import { keysetPage } from '#src/storage/page';
import { sql, type Sql } from '#src/storage/sql';
import type { Read, RowOf, Store } from '#src/storage/store';

const takenName = { field: 'name', message: 'There is a group of this name already.' };

export const groupSelection = columnsOf(GroupEntity, 'g', [
  'id',
  'name',
  'description',
  'organizationId',
  'createdAt',
  'updatedAt',
]);
export type GroupRow = RowOf<typeof groupSelection>;

const groupsById: Read<{ ids: readonly string[] }, GroupRow> = {
  name: 'groups_by_id',
  build: (builder, dialect) => builder.from(GroupEntity, 'g').where(dialect.anyOf('g.id', ':ids')),
  select: groupSelection,
};

export function findGroups(store: Store, ids: readonly string[]): Promise<GroupRow[]> {
  return store.read(groupsById, { ids });
}

/** The group, locked until the end of the transaction. */
export async function lockGroup(store: Store, id: string): Promise<GroupRow | null> {
  const { columns, kinds } = store.selection(groupSelection);
  const [row] = await store.query<GroupRow>(
    sql`SELECT ${columns} FROM ${store.table(GroupEntity)} AS g
      WHERE ${store.column(GroupEntity, 'id', 'g')} = ${id}${store.dialect.forUpdate}`,
    kinds,
  );
  return row ?? null;
}

/** Which groups a list holds. */
export interface GroupFilter {
  /** Absent: of the deployment and of every organization. */
  readonly organizationId?: string | null | undefined;
  /** The beginning of the name, in folded form. */
  readonly namePrefix?: string | null;
}

function groupCondition(store: Store, { organizationId, namePrefix }: GroupFilter): Sql {
  const of = store.column(GroupEntity, 'organizationId', 'g');
  return sql.and([
    organizationId === undefined
      ? null
      : organizationId === null
        ? sql`${of} IS NULL`
        : sql`${of} = ${organizationId}`,
    namePrefix ? store.dialect.prefix(store.column(GroupEntity, 'nameFolded', 'g'), namePrefix) : null,
  ]);
}

/** One page of groups, in the order of their names. */
export function findGroupPage(
  store: Store,
  filter: GroupFilter,
  page: PageArguments,
): Promise<Page<GroupRow>> {
  const { columns, kinds } = store.selection(groupSelection);
  const condition = groupCondition(store, filter);
  return keysetPage<GroupRow>(
    store,
    {
      order: 'groups:name',
      arguments: page,
      keys: [
        {
          column: store.column(GroupEntity, 'nameFolded', 'g'),
          direction: 'asc',
          of: (row) => foldText(row.name),
        },
        { column: store.column(GroupEntity, 'id', 'g'), direction: 'asc', of: (row) => row.id },
      ],
    },
    ({ where, orderBy, limit }) =>
      store.query<GroupRow>(
        sql`SELECT ${columns} FROM ${store.table(GroupEntity)} AS g
          WHERE ${sql.and([condition, where])} ORDER BY ${orderBy} LIMIT ${limit}`,
        kinds,
      ),
  );
}

export async function countGroups(store: Store, filter: GroupFilter): Promise<number> {
  const [row] = await store.query<{ n: number }>(
    sql`SELECT COUNT(*) AS "n" FROM ${store.table(GroupEntity)} AS g WHERE ${groupCondition(store, filter)}`,
    { n: 'integer' },
  );
  return row?.n ?? 0;
}

export async function insertGroup(store: Store, row: GroupRow): Promise<void> {
  await refuseTaken(takenName, () => store.insert(GroupEntity, { ...row, nameFolded: foldText(row.name) }));
}

/** Answers whether there is such a group. */
export async function updateGroup(store: Store, id: string, set: Partial<GroupRow>): Promise<boolean> {
  const folded = set.name === undefined ? {} : { nameFolded: foldText(set.name) };
  return (await refuseTaken(takenName, () => store.update(GroupEntity, { id }, { ...set, ...folded }))) === 1;
}

/** Members, roles, mappings and places of the group go with it. */
export async function deleteGroups(store: Store, ids: readonly string[]): Promise<void> {
  await store.delete(GroupEntity, { id: ids });
}
