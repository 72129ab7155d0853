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

const usualBatchSize = 1000;

/**
 * Remembers settled values, so that an edge whose rows are already here answers without a promise: that keeps execution synchronous
 * over a whole page. What is missing is collected by a DataLoader whose keys are lists of keys: a page's edge costs one promise
 * instead of one for each row.
 */
export class RequestLoader<Key extends string, Value> {
  private readonly values = new Map<Key, Value>();
  private readonly waiting = new Map<Key, Promise<Value>>();
  private readonly loader: DataLoader<readonly Key[], void>;

  constructor(
    private readonly definition: LoaderDefinition<Key, Value>,
    private readonly context: RequestContext,
  ) {
    this.loader = new DataLoader<readonly Key[], void>((lists) => this.read(lists), {
      cache: false,
      name: definition.name,
    });
  }

  load(key: Key): Value | Promise<Value> {
    const known = this.values.get(key);
    if (known !== undefined || this.values.has(key)) return known as Value;
    let value = this.waiting.get(key);
    if (!value) {
      value = this.loader.load([key]).then(() => this.values.get(key) as Value);
      this.waiting.set(key, value);
    }
    return value;
  }

  /** Loads all keys that are not here yet, in as few statements as possible; without a promise when all are here. */
  loadAll(keys: readonly Key[]): Value[] | Promise<Value[]> {
    const valuesOf = (): Value[] => keys.map((key) => this.values.get(key) as Value);
    const missing = keys.filter((key) => !this.values.has(key));
    return missing.length === 0 ? valuesOf() : this.loader.load(missing).then(valuesOf);
  }

  /** Remembers a value that came along with another read. */
  prime(key: Key, value: Value): void {
    this.values.set(key, value);
  }

  /** Forgets a key after a write, so that the payload reads what is stored now. */
  clear(key: Key): void {
    this.values.delete(key);
    this.waiting.delete(key);
  }

  private async read(lists: readonly (readonly Key[])[]): Promise<void[]> {
    const keys = distinct(lists);
    const { batch, maxBatchSize = usualBatchSize } = this.definition;
    if (keys.length <= maxBatchSize) {
      this.keep(keys, await batch(keys, this.context));
      return lists.map(() => undefined);
    }
    const reads: Promise<void>[] = [];
    for (let from = 0; from < keys.length; from += maxBatchSize) {
      const part = keys.slice(from, from + maxBatchSize);
      reads.push(batch(part, this.context).then((values) => this.keep(part, values)));
    }
    await Promise.all(reads);
    return lists.map(() => undefined);
  }

  private keep(keys: readonly Key[], values: readonly Value[]): void {
    keys.forEach((key, index) => this.values.set(key, values[index] as Value));
  }
}

function distinct<Key>(lists: readonly (readonly Key[])[]): readonly Key[] {
  const keys = new Set<Key>();
  for (const list of lists) for (const key of list) keys.add(key);
  return [...keys];
}
