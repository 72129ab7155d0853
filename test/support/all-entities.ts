import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Loads every entity of the product, so that a storage opened afterwards knows all tables. */
const root = resolve('src');
for (const path of readdirSync(root, { recursive: true, encoding: 'utf8' })) {
  if (path.endsWith('.entity.ts')) jest.requireActual(join(root, path));
}
