import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The files of the bundled page, as its build listed them. */
export interface AssetStore {
  readonly script: string;
  readonly style: string;
  readonly favicon: string;
  /** The file of that exact name, or undefined. */
  find(name: string, acceptsGzip: boolean): Asset | undefined;
}

export interface Asset {
  readonly body: Buffer;
  readonly contentType: string;
  readonly isGzip: boolean;
}

interface Manifest {
  readonly entries: { readonly script: string; readonly style: string; readonly favicon: string };
  readonly files: readonly string[];
}

const contentTypes: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  ttf: 'font/ttf',
  woff2: 'font/woff2',
};

/** Opens the folder written by `bin/build-graphiql.js`; undefined when the page has not been built. */
export function openAssets(folder: string): AssetStore | undefined {
  const manifest = readManifest(folder);
  if (!manifest) return undefined;
  const loaded = new Map<string, Asset>();
  // SECURITY: path traversal. A request never becomes part of a path: names are looked up in the list of the build.
  const known = new Map(manifest.files.map((file) => [file, join(folder, file)]));

  function find(name: string, acceptsGzip: boolean): Asset | undefined {
    const path = known.get(name);
    const contentType = contentTypes[name.slice(name.lastIndexOf('.') + 1)];
    if (path === undefined || contentType === undefined) return undefined;
    const key = acceptsGzip ? `${path}.gz` : path;
    let asset = loaded.get(key);
    if (!asset) {
      asset = { body: readFileSync(key), contentType, isGzip: acceptsGzip };
      loaded.set(key, asset);
    }
    return asset;
  }

  return { ...manifest.entries, find };
}

function readManifest(folder: string): Manifest | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Manifest;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
