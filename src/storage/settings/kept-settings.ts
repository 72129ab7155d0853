import { LRUCache } from 'lru-cache';

const mostResults = 2_000;

/**
 * What was read of settings, all under one version of them. SECURITY: nothing is answered that a committed change has overtaken: whoever
 * asks has read the version from the database, and another one empties this. Versions are random, so that one whose transaction was
 * rolled back never comes again.
 */
export class KeptSettings {
  private version = '';
  private readonly results = new LRUCache<string, object>({ max: mostResults });

  async get<Result extends object | null>(
    version: string,
    key: string,
    read: () => Promise<Result>,
  ): Promise<Result> {
    if (version !== this.version) {
      this.version = version;
      this.results.clear();
    }
    const known = this.results.get(key);
    if (known !== undefined) return known as Result;
    const result = frozen(await read());
    // Nothing is kept of what does not exist: whoever guesses names would push everything else out.
    if (result !== null && version === this.version) this.results.set(key, result);
    return result;
  }
}

/** Many callers get the same object. */
function frozen<Value>(value: Value): Value {
  if (value === null || typeof value !== 'object' || Object.isFrozen(value)) return value;
  Object.values(value).forEach(frozen);
  return Object.freeze(value);
}
