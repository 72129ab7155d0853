import { join } from 'node:path';

/** A module of the benchmark, which is plain JavaScript. The caller says what it uses of it. */
export function benchModule<Exports>(name: string): Exports {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require(join(__dirname, '../../bench', name)) as Exports;
}
