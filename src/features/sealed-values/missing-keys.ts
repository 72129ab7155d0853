import type { Secrets } from '#src/config/open-secrets';
import type { FeatureParts } from '#src/graphql/feature';
import { findOtherKeys, namedKeyColumn } from '#src/storage/named-keys';
import type { Store } from '#src/storage/store';

/** A key that stored values name and the secrets file no longer has. */
export interface MissingKey {
  /** PEPPER: password hashes that open to nothing. ENCRYPTION: secrets that nobody can read. */
  readonly kind: 'PEPPER' | 'ENCRYPTION';
  readonly kid: string;
  readonly count: number;
}

/** Which keys are missing; reads whole columns, and so is for an operator at the machine. */
export async function findMissingKeys(
  store: Store,
  secrets: Pick<Secrets, 'ring' | 'peppers'>,
  parts: readonly Pick<FeatureParts, 'sealed' | 'peppered'>[],
): Promise<readonly MissingKey[]> {
  const counts = new Map<string, MissingKey>();
  const add = (kind: MissingKey['kind'], kid: string, count: number): void => {
    const before = counts.get(`${kind} ${kid}`)?.count ?? 0;
    counts.set(`${kind} ${kid}`, { kind, kid, count: before + count });
  };
  for (const column of parts.flatMap(({ peppered = [] }) => peppered)) {
    const known = secrets.peppers.map(({ kid }) => kid);
    for (const { kid, count } of await findOtherKeys(store, column, known)) add('PEPPER', kid, count);
  }
  for (const { entity, value, purpose, frame } of parts.flatMap(({ sealed = [] }) => sealed)) {
    const known = secrets.ring(purpose).map(({ kid }) => kid);
    const column = namedKeyColumn<object>(entity, value as never, frame?.before ?? '', '.');
    for (const { kid, count } of await findOtherKeys(store, column, known)) add('ENCRYPTION', kid, count);
  }
  return [...counts.values()];
}
