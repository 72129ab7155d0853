import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { buildSync } from 'esbuild';

const root = path.join(__dirname, '..', '..');
const built = new Map<string, string>();

/** A program of `src` that runs in a thread or process of its own, built from the sources: those do not pass through jest's transform. */
export function builtProgram(source: string): string {
  const known = built.get(source);
  if (known !== undefined) return known;
  const folder = path.join(root, 'node_modules', '.cache', 'gatehouse');
  mkdirSync(folder, { recursive: true });
  const outfile = path.join(folder, `${path.basename(source, '.ts')}-${process.pid}.js`);
  buildSync({
    entryPoints: [path.join(root, source)],
    tsconfig: path.join(root, 'tsconfig.json'),
    bundle: true,
    packages: 'external',
    platform: 'node',
    outfile,
  });
  built.set(source, outfile);
  return outfile;
}
