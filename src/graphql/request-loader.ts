import DataLoader from 'dataloader';
import type { RequestContext } from '#src/graphql/request-context';

/** A batched read of one request: all keys asked for in the same tick are loaded by one statement. */
export interface LoaderDefinition<Key, Value> {
  readonly name: string;
  /** Answers one value for each key, in the order of the keys. */
  readonly batch: (keys: readonly Key[], context: RequestContext) => Promise<readonly Value[]>;
  /** How many keys one statement may take; default 1,000. */
  readonly maxBatchSize?: number;
}

export function defineLoader<Key extends string, Value>(
  name: string,
  batch: LoaderDefinition<Key, Value>['batch'],
  maxBatchSize?: number,
): LoaderDefinition<Key, Value> {
  return maxBatchSize === undefined ? { name, batch } : { name, batch, maxBatchSize };
}

/**
 * A DataLoader that remembers settled values, so that an edge whose rows are already here answers without a promise:
 * that keeps execution synchronous over a whole page.
 */
export class RequestLoader<Key extends string, Value> {
  private readonly values = new Map<Key, Value>();
  private readonly loader: DataLoader<Key, Value>;

  constructor(definition: LoaderDefinition<Key, Value>, context: RequestContext) {
    this.loader = new DataLoader<Key, Value>(
      async (keys) => {
        const values = await definition.batch(keys, context);
        keys.forEach((key, index) => this.values.set(key, values[index] as Value));
        return values;
      },
      { maxBatchSize: definition.maxBatchSize ?? 1000, name: definition.name },
    );
  }

  load(key: Key): Value | Promise<Value> {
    return this.values.has(key) ? (this.values.get(key) as Value) : this.loader.load(key);
  }

  /** Loads all keys that are not here yet, in as few statements as possible. */
  async loadAll(keys: readonly Key[]): Promise<Value[]> {
    const missing = keys.filter((key) => !this.values.has(key));
    if (missing.length > 0) await this.loader.loadMany(missing).then(rethrowFirst);
    return keys.map((key) => this.values.get(key) as Value);
  }

  /** Remembers a value that came along with another read. */
  prime(key: Key, value: Value): void {
    this.values.set(key, value);
  }

  /** Forgets a key after a write, so that the payload reads what is stored now. */
  clear(key: Key): void {
    this.values.delete(key);
    this.loader.clear(key);
  }
}

function rethrowFirst(results: readonly unknown[]): void {
  for (const result of results) if (result instanceof Error) throw result;
}
