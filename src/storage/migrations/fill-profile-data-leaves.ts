import { createHash } from 'node:crypto';
import type { QueryRunner } from 'typeorm';

/** The two statements that differ between databases; both take one parameter or two, in this order. */
export interface LeafStatements {
  /** Identities with profile data behind an id, so many: `id`, `user_id`, `profile_data`. */
  readonly read: string;
  /** Stores a JSON array of leaves. */
  readonly insert: string;
}

interface StoredIdentity {
  readonly id: string;
  readonly user_id: string;
  readonly profile_data: string;
}

interface FoundLeaf {
  readonly path: string;
  readonly value: string | number | boolean;
}

const identitiesAtOnce = 500;

/**
 * Makes the leaves of all profile data that is stored, in batches of identities. It says once more what the program says when
 * it writes profile data, because a migration must not change with the program.
 */
export async function fillProfileDataLeaves(runner: QueryRunner, statements: LeafStatements): Promise<void> {
  for (let after = ''; ;) {
    const found = (await runner.query(statements.read, [after, identitiesAtOnce])) as StoredIdentity[];
    const rows = found.flatMap(leavesOf);
    if (rows.length > 0) await runner.query(statements.insert, [JSON.stringify(rows)]);
    const last = found.at(-1);
    if (!last || found.length < identitiesAtOnce) return;
    after = last.id;
  }
}

function leavesOf({ id, user_id, profile_data }: StoredIdentity): object[] {
  const distinct = new Map<string, FoundLeaf>();
  for (const leaf of walk(JSON.parse(profile_data), '')) {
    if (isKept(leaf)) distinct.set(JSON.stringify([leaf.path, leaf.value]), leaf);
  }
  return [...distinct.values()].map(({ path, value }) => ({
    ...{ identity_id: id, user_id, path, kind: typeof value === 'string' ? 'text' : typeof value },
    ...(typeof value === 'string' ? indexed(value) : { text_value: null, text_hash: null }),
    number_value: typeof value === 'string' ? null : Number(value),
  }));
}

function* walk(value: unknown, path: string): Generator<FoundLeaf> {
  if (Array.isArray(value)) {
    for (const item of value) yield* walk(item, path);
  } else if (typeof value === 'string' || typeof value === 'boolean') {
    yield { path, value };
  } else if (typeof value === 'number') {
    yield { path, value: value === 0 ? 0 : value };
  } else if (value !== null && typeof value === 'object') {
    for (const [key, item] of Object.entries(value)) {
      const name = key.replace(/[\\.]/g, '\\$&');
      yield* walk(item, path === '' ? name : `${path}.${name}`);
    }
  }
}

const unstorable = /\0|\p{Surrogate}/u;

function isKept({ path, value }: FoundLeaf): boolean {
  if (Buffer.byteLength(path) > 512 || unstorable.test(path)) return false;
  return typeof value === 'string' ? !unstorable.test(value) : Number.isFinite(Number(value));
}

function indexed(text: string): { readonly text_value: string; readonly text_hash: string | null } {
  const points = [...text];
  if (points.length <= 256) return { text_value: text, text_hash: null };
  const hash = createHash('sha256').update(text).digest('hex');
  return { text_value: points.slice(0, 256).join(''), text_hash: hash };
}
