import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { buildSync } from 'esbuild';

const root = path.join(__dirname, '..', '..');
let built: string | null = null;

/**
 * The program of the threads that check imported hashes, built from the sources: a thread does not pass through jest's transform.
 * `jest.config.js` puts this in the place of the file of the same name in `src`, which names the build's own output.
 */
export function hashWorkerFile(): string {
  if (built !== null) return built;
  const folder = path.join(root, 'node_modules', '.cache', 'gatehouse');
  mkdirSync(folder, { recursive: true });
  const outfile = path.join(folder, `hash-worker-${process.pid}.js`);
  buildSync({
    entryPoints: [path.join(root, 'src/features/passwords/hashes/hash-worker.ts')],
    tsconfig: path.join(root, 'tsconfig.json'),
    bundle: true,
    packages: 'external',
    platform: 'node',
    outfile,
  });
  built = outfile;
  return outfile;
}
