import { ProfileLeafEntity } from '#src/features/identities/profile-leaf.entity';
import { leafPath } from '#src/features/identities/profile-leaves';
import { indexedText } from '#src/features/metadata/flatten';
import { MetadataLeafEntity } from '#src/features/metadata/metadata-leaf.entity';
import type { Dialect } from '#src/storage/dialect/dialect';
import { sql, type Sql } from '#src/storage/sql';
import type { Store } from '#src/storage/store';
import { compileTest, type OwnedRows } from './compile-predicate';
import type { SearchTarget, SearchTest } from './predicate';

type Metadata = Extract<SearchTarget, { of: 'metadata' }>;
type ProfileData = Extract<SearchTarget, { of: 'profileData' }>;
/** What both tables of leaves have, and `store`, which one of them has. */
type LeafProperty = 'store' | 'userId' | 'path' | 'kind' | 'textValue' | 'textHash' | 'numberValue';
type LeafColumn = (column: LeafProperty) => Sql;

/** Code points of a text that are indexed; see `MetadataLeafEntity`. */
const indexedLength = 256;

/** Where the leaves of a target are. */
interface Leaves {
  readonly from: Sql;
  readonly column: LeafColumn;
  /** In a table with the column `store`, which of them is meant. */
  readonly store: string | null;
  /** Null: no leaf can be there. */
  readonly path: string | null;
}

/** The rows of values in JSON for which a test holds. */
export function leafRows(store: Store, target: Metadata | ProfileData, test: SearchTest): OwnedRows {
  const { dialect } = store;
  const leaves = target.of === 'metadata' ? metadataLeaves(store, target) : profileLeaves(store, target);
  const leaf = leaves.column;
  // Only equality names a whole index entry. With anything else the index by value would be read from one end to the other for
  // each user, so for a given user it is put out of the way.
  const aside: LeafColumn = (column) =>
    column === 'numberValue' ? sql`(${leaf(column)} + 0)` : sql`(${leaf(column)} || '')`;
  const condition = (column: LeafColumn): Sql =>
    sql.and([inStore(leaves, column), at(leaves.path, test, column, dialect)]);
  const given = test.test === 'equals' || test.test === 'ofUser' ? leaf : aside;
  return {
    owner: leaf('userId'),
    from: leaves.from,
    condition: condition(leaf),
    ...(test.test === 'exists' ? { conditions: existing(leaves, dialect) } : {}),
    conditionOfOwner: condition(given),
  };
}

function metadataLeaves(store: Store, { store: name, path }: Metadata): Leaves {
  return {
    from: sql`${store.table(MetadataLeafEntity)} ${sql.raw('"l"')}`,
    column: (property) => store.column(MetadataLeafEntity, property, 'l'),
    store: name,
    // No stored key holds a dot, so a path with one leads nowhere.
    path: path.some((key) => key.includes('.')) ? null : path.join('.'),
  };
}

function profileLeaves(store: Store, { path }: ProfileData): Leaves {
  return {
    from: sql`${store.table(ProfileLeafEntity)} ${sql.raw('"l"')}`,
    column: (property) => store.column(ProfileLeafEntity, property as keyof ProfileLeafEntity, 'l'),
    store: null,
    path: leafPath(path),
  };
}

function inStore({ store }: Leaves, leaf: LeafColumn): Sql | null {
  return store === null ? null : sql`${leaf('store')} = ${store}`;
}

/** A value is either a text or a number, at the path or below it, and each of the four is a stretch of an index. */
function existing(leaves: Leaves, dialect: Dialect): readonly Sql[] {
  const { path, column } = leaves;
  if (path === null) return [sql`FALSE`];
  const places = [sql`${column('path')} = ${path}`, dialect.prefix(column('path'), `${path}.`)];
  return places.flatMap((place) =>
    [column('textValue'), column('numberValue')].map((value) =>
      sql.and([inStore(leaves, column), place, sql`${value} IS NOT NULL`]),
    ),
  );
}

function at(path: string | null, test: SearchTest, leaf: LeafColumn, dialect: Dialect): Sql {
  if (path === null) return sql`FALSE`;
  const here = sql`${leaf('path')} = ${path}`;
  if (test.test !== 'exists') return sql.and([here, leafTest(test, leaf, dialect)]);
  return path === '' ? sql`TRUE` : sql.or([here, dialect.prefix(leaf('path'), `${path}.`)]);
}

function leafTest(test: SearchTest, leaf: LeafColumn, dialect: Dialect): Sql {
  const sample = sampleOf(test);
  const number = leaf('numberValue');
  if (typeof sample === 'boolean') return sql`${leaf('kind')} = 'boolean' AND ${number} = ${sample ? 1 : 0}`;
  if (typeof sample === 'number')
    return sql`${leaf('kind')} = 'number' AND (${compileTest(test, number, dialect)})`;
  // Only texts have a text value: without looking at the kind, the index alone answers.
  if (test.test === 'equals') return textEquals(test.value as string, leaf);
  // Of a long text only the beginning is here, so that nothing is known about its end.
  const needsEnd = test.test === 'pattern' && test.parts.at(-1) !== '';
  const isWhole = sql`${leaf('textHash')} IS NULL`;
  return sql.and([compileTest(test, leaf('textValue'), dialect), needsEnd ? isWhole : null]);
}

/** The hash is looked up only where the beginning does not decide. */
function textEquals(text: string, leaf: LeafColumn): Sql {
  const { textValue, textHash } = indexedText(text);
  const same = sql`${leaf('textValue')} = ${textValue}`;
  if ([...textValue].length < indexedLength) return same;
  const hash = leaf('textHash');
  return sql.and([same, textHash === null ? sql`${hash} IS NULL` : sql`${hash} = ${textHash}`]);
}

/** A value of the type that the test compares with. */
function sampleOf(test: SearchTest): unknown {
  if (test.test === 'equals') return test.value;
  return test.test === 'range' ? (test.lower ?? test.upper)?.value : '';
}
