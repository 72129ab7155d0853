import type { FoldVariant } from './folded-rows';
import { UserEntity } from '#src/features/users/user.entity';
import { onlyWith, readWith, type WantedColumns } from '#src/features/users/reach/fact-columns';
import { userColumns, type UserRow } from '#src/features/users/user-row';
import type { OwnRead, OwnUser } from '#src/graphql/own-user';
import { partOf } from '#src/storage/read-variants';
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

/** Null when there is no such user. `whole` are the same folds with all their columns; `own` is given where it is the caller that is read. */
export async function findFoldedUser(
  store: Store,
  id: string,
  folds: { readonly narrow: readonly FoldVariant[]; readonly whole: () => readonly FoldVariant[] },
  wanted: WantedColumns,
  own?: OwnUser,
): Promise<FoldedUser | null> {
  const isKept = reads.size < mostReads || reads.has(nameOf(folds.narrow));
  const chosen = isKept ? folds.narrow : folds.whole();
  const { read, properties } = readFor(chosen);
  const only = onlyWith(wanted);
  const columns = only && [...only, ...properties];
  const asked = readWith(read, wanted);
  const brought = own?.take(ownReadOf(asked, columns)) as FoldedRow | undefined;
  const row = brought ?? (await store.read(asked, { id }, columns))[0];
  if (row === undefined) return null;
  return { user: row, rows: chosen.map((fold, index) => fold.unfold(row[properties[index] as string])) };
}

const ownReads = new Map<string, OwnRead>();

/** As the statement that recognises the caller takes it. */
function ownReadOf({ name, select }: FoldRead['read'], only: readonly string[] | undefined): OwnRead {
  const key = `${name} (${only?.join() ?? 'all'})`;
  let known = ownReads.get(key);
  if (!known) {
    known = { key, select: only ? partOf(select, only) : select };
    if (ownReads.size < mostReads) ownReads.set(key, known);
  }
  return known;
}

const nameOf = (folds: readonly FoldVariant[]): string => folds.map(({ name }) => name).join(', ');

function readFor(folds: readonly FoldVariant[]): FoldRead {
  const name = nameOf(folds);
  let known = reads.get(name);
  if (!known) {
    const folded = folds.map(({ select }, index) => [`fold_${index}`, select] as const);
    const read: FoldRead['read'] = {
      name: `user with ${name}`,
      isGathered: true,
      build: (builder) => builder.from(UserEntity, 'u').where('u.id = :id'),
      select: { ...userColumns, ...Object.fromEntries(folded) },
    };
    reads.set(name, (known = { read, properties: folded.map(([property]) => property) }));
  }
  return known;
}
