import type { FoldVariant } from './folded-rows';
import { UserEntity } from '#src/features/users/user.entity';
import { onlyWith, readWith, type WantedColumns } from '#src/features/users/reach/fact-columns';
import { userColumns, type UserRow } from '#src/features/users/user-row';
import type { Read, Store } from '#src/storage/store';

export interface FoldedUser {
  readonly user: UserRow;
  /** The rows of each fold, in the order of the folds. */
  readonly rows: readonly object[][];
}

type FoldedRow = UserRow & Record<string, unknown>;

interface FoldRead {
  readonly read: Read<{ readonly id: string }, FoldedRow>;
  /** The properties of the folds. */
  readonly properties: readonly string[];
}

/** One constant read for each choice of folds and of their columns. */
const reads = new Map<string, FoldRead>();

/** Every read stays prepared, so a caller must not be able to make ever more of them. */
const mostReads = 60;

/** Null when there is no such user. `whole` are the same folds with all their columns. */
export async function findFoldedUser(
  store: Store,
  id: string,
  folds: { readonly narrow: readonly FoldVariant[]; readonly whole: () => readonly FoldVariant[] },
  wanted: WantedColumns,
): Promise<FoldedUser | null> {
  const isKept = reads.size < mostReads || reads.has(nameOf(folds.narrow));
  const chosen = isKept ? folds.narrow : folds.whole();
  const { read, properties } = readFor(chosen);
  const only = onlyWith(wanted);
  const [row] = await store.read(readWith(read, wanted), { id }, only && [...only, ...properties]);
  if (row === undefined) return null;
  return { user: row, rows: chosen.map((fold, index) => fold.unfold(row[properties[index] as string])) };
}

const nameOf = (folds: readonly FoldVariant[]): string => folds.map(({ name }) => name).join(', ');

function readFor(folds: readonly FoldVariant[]): FoldRead {
  const name = nameOf(folds);
  let known = reads.get(name);
  if (!known) {
    const folded = folds.map(({ select }, index) => [`fold_${index}`, select] as const);
    const read: FoldRead['read'] = {
      name: `user with ${name}`,
      build: (builder) => builder.from(UserEntity, 'u').where('u.id = :id'),
      select: { ...userColumns, ...Object.fromEntries(folded) },
    };
    reads.set(name, (known = { read, properties: folded.map(([property]) => property) }));
  }
  return known;
}
