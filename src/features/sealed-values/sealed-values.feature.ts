import { anonymous, principal } from '#src/access/principal';
import type { Platform } from '#src/access/platform';
import type { Secrets } from '#src/config/open-secrets';
import type { FeatureParts } from '#src/graphql/feature';
import { enqueueJob } from '#src/jobs/enqueue-job';
import { findSealedByOthers, hasClearValues } from '#src/storage/sealed-column';
import { findMissingKeys, type MissingKey } from './missing-keys';
import { reseal, resealHandling } from './reseal.job';

export interface SealedValues {
  /** Keys that stored values need and the secrets file no longer has. */
  missingKeys(): Promise<readonly MissingKey[]>;
}

const starter = principal({ ...anonymous, kind: 'machine', subject: 'reseal' });

/** `parts`: of all features, which name their columns. */
export function startSealedValues(
  { storage, clock, ids, logger }: Pick<Platform, 'storage' | 'clock' | 'ids' | 'logger'>,
  secrets: Pick<Secrets, 'ring' | 'peppers'>,
  parts: readonly Pick<FeatureParts, 'sealed' | 'peppered'>[],
): FeatureParts & SealedValues {
  const columns = parts.flatMap(({ sealed = [] }) => sealed);
  const hasOld = async (): Promise<boolean> => {
    const store = storage.open();
    for (const column of columns) {
      const kid = secrets.ring(column.purpose)[0]?.kid ?? '';
      if ((await findSealedByOthers(store, column, { kid, after: null, limit: 1 })).length > 0) return true;
    }
    return false;
  };
  const hasClear = async (): Promise<boolean> => {
    for (const column of columns) if (await hasClearValues(storage.open(), column)) return true;
    return false;
  };
  const enqueue = async (): Promise<void> => {
    const call = { clock, ids, principal: starter, requestId: 'reseal' };
    await storage
      .open()
      .transaction((store) => enqueueJob(store, call, reseal, {}, { uniqueKey: reseal.name }));
  };
  /** Has secrets encrypted anew by a job, where there are some that another key than the first has encrypted. */
  const startResealing = async (): Promise<void> => {
    // With a single key there is none from before.
    if (secrets.ring('reseal').length >= 2 && (await hasOld())) await enqueue();
  };
  let looking = Promise.resolve();
  /** The same for values in clear text. Whole columns are read for it, which no start waits for. */
  const lookForClear = (): void => {
    looking = hasClear()
      .then((isFound) => (isFound ? enqueue() : undefined))
      .catch((error: unknown) => logger.warn({ err: error }, 'looking for unsealed values failed'));
  };
  return {
    name: 'sealed-values',
    resolvers: [],
    jobs: [resealHandling(secrets, columns)],
    missingKeys: () => findMissingKeys(storage.open(), secrets, parts),
    background: [
      { start: startResealing, stop: () => undefined },
      { start: lookForClear, stop: () => looking },
    ],
  };
}
