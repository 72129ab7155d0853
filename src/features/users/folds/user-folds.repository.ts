import { UserEntity } from '#src/features/users/user.entity';
import { onlyWith, readWith, type WantedColumns } from '#src/features/users/reach/fact-columns';
import { userColumns, type UserRow } from '#src/features/users/user-row';
import type { Read, SelectedColumn, Store } from '#src/storage/store';

export interface Fold {
  readonly name: string;
  readonly select: SelectedColumn;
}

export interface FoldedUser {
  readonly user: UserRow;
  /** The decoded values, in the order of the folds. */
  readonly values: readonly unknown[];
}

type FoldedRow = UserRow & Record<string, unknown>;
type FoldRead = Read<{ readonly id: string }, FoldedRow>;

/** One constant read for each set of folds: they are few, and their texts are prepared once. */
const reads = new Map<string, { readonly folds: readonly Fold[]; readonly read: FoldRead }>();

export async function findFoldedUser(
  store: Store,
  id: string,
  folds: readonly Fold[],
  wanted: WantedColumns,
): Promise<FoldedUser | null> {
  const properties = folds.map(propertyOf);
  const only = onlyWith(wanted);
  const read = readWith(readFor(folds), wanted);
  const [row] = await store.read(read, { id }, only && [...only, ...properties]);
  return row === undefined ? null : { user: row, values: properties.map((property) => row[property]) };
}

const propertyOf = ({ name }: Fold): string => `fold_${name}`;

function readFor(folds: readonly Fold[]): FoldRead {
  const name = ['user_with', ...folds.map((fold) => fold.name)].join('_');
  const known = reads.get(name);
  if (known && known.folds.every((fold, index) => fold.select === folds[index]?.select)) return known.read;
  const folded = folds.map((fold) => [propertyOf(fold), fold.select] as const);
  const read: FoldRead = {
    name,
    build: (builder) => builder.from(UserEntity, 'u').where('u.id = :id'),
    select: { ...userColumns, ...Object.fromEntries(folded) },
  };
  reads.set(name, { folds, read });
  return read;
}
