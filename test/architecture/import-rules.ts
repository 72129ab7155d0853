import type { ImportLine } from '#test/architecture/source-facts';

/** Where a file stands in the house. */
export interface Place {
  readonly path: string;
  readonly tier: 'entry' | 'feature' | 'platform' | 'unknown';
  /** Name of the feature or of the platform folder; empty in the entry tier. */
  readonly unit: string;
  /** The suffix that says what kind of file it is: `service` of `user.service.ts`; empty for a plain noun or verb. */
  readonly kind: string;
}

/** One import, with both ends placed; `to` is null for a package. */
export interface PlacedImport extends ImportLine {
  readonly from: Place;
  readonly to: Place | null;
  readonly featureOrder: readonly string[];
}

export interface ImportRule {
  readonly name: string;
  readonly reason: string;
  readonly forbids: (line: PlacedImport) => boolean;
}

/** The left may import the right. */
export const platformOrder = ['graphql', 'http', 'jobs', 'access', 'storage', 'config', 'shared'] as const;

const entryFiles = new Set(['main', 'app', 'features']);
const privateKinds = new Set(['entity', 'repository', 'resolver', 'input', 'job', 'routes']);
const graphqlKinds = new Set(['type', 'input', 'resolver']);

export function placeOf(path: string): Place {
  const parts = path.replace(/\.ts$/, '').split('/');
  const stem = parts.at(-1) ?? '';
  const kind = stem.includes('.') ? stem.slice(stem.indexOf('.') + 1) : '';
  const folder = parts[1] ?? '';
  if (parts.length === 2) return { path, tier: entryFiles.has(stem) ? 'entry' : 'unknown', unit: '', kind };
  if (folder === 'cli') return { path, tier: 'entry', unit: '', kind };
  if (folder === 'features') return { path, tier: 'feature', unit: parts[2] ?? '', kind };
  const isPlatform = (platformOrder as readonly string[]).includes(folder);
  return { path, tier: isPlatform ? 'platform' : 'unknown', unit: folder, kind };
}

const isPackage = (line: PlacedImport, ...names: string[]): boolean =>
  line.to === null && names.some((name) => line.specifier === name || line.specifier.startsWith(`${name}/`));

const isFeature = (place: Place | null, kinds?: ReadonlySet<string>): boolean =>
  place?.tier === 'feature' && (kinds === undefined || kinds.has(place.kind));

const crossesFeatures = (line: PlacedImport): boolean =>
  isFeature(line.from) && isFeature(line.to) && line.from.unit !== line.to?.unit;

/** What a feature may use of another feature's private files: nothing but this. */
function isLentOut(line: PlacedImport): boolean {
  // A foreign key names the table that it points to, and a join names the columns of an earlier table.
  if (line.to?.kind === 'entity') return line.from.kind === 'entity' || line.from.kind === 'repository';
  // The shape of a row is what a loader hands out; only its type may travel.
  return line.to?.kind === 'repository' && line.isType;
}

export const importRules: readonly ImportRule[] = [
  {
    name: 'the platform does not know the product',
    reason: 'the platform must be readable and testable without the product',
    forbids: ({ from, to }) =>
      from.tier === 'platform' && (to?.tier === 'feature' || to?.path === 'src/features'),
  },
  {
    name: `platform order: ${platformOrder.join(' -> ')}`,
    reason:
      'the left may import the right, never the reverse: a lower folder must stand without the higher one',
    forbids: ({ from, to }) =>
      from.tier === 'platform' && to?.tier === 'platform' && rank(to.unit) < rank(from.unit),
  },
  {
    name: 'features in the order of src/features.ts',
    reason: 'order is what keeps the graph free of cycles; move the code to the later feature',
    forbids: (line) =>
      crossesFeatures(line) &&
      line.featureOrder.indexOf(line.to?.unit ?? '') > line.featureOrder.indexOf(line.from.unit),
  },
  {
    name: 'private files of another feature',
    reason: 'those are private; use its .service, .loader, .type, .errors or .permissions',
    forbids: (line) => crossesFeatures(line) && privateKinds.has(line.to?.kind ?? '') && !isLentOut(line),
  },
  {
    name: '.type and .resolver know no tables',
    reason: 'the API must not know tables; `import type` of a row shape is allowed',
    forbids: (line) =>
      isFeature(line.from, new Set(['type', 'resolver'])) &&
      !line.isType &&
      (line.to?.kind === 'entity' || line.to?.kind === 'repository' || isPackage(line, 'typeorm')),
  },
  {
    name: '.service knows no GraphQL and no HTTP',
    reason: 'rules must run from a job or the command line too',
    forbids: (line) =>
      isFeature(line.from, new Set(['service'])) &&
      (isPackage(line, 'type-graphql', 'graphql') ||
        (line.to?.tier === 'platform' && (line.to.unit === 'graphql' || line.to.unit === 'http')) ||
        graphqlKinds.has(line.to?.kind ?? '')),
  },
  {
    name: '.repository decides nothing',
    reason: 'SQL does not decide who may see what',
    forbids: ({ from, to }) =>
      isFeature(from, new Set(['repository'])) &&
      (to?.kind === 'service' || to?.kind === 'type' || (to?.tier === 'platform' && to.unit === 'access')),
  },
  {
    name: '.entity is a table',
    reason: 'a table is a table: typeorm, storage/columns and other entities are all that it needs',
    forbids: (line) =>
      isFeature(line.from, new Set(['entity'])) &&
      !isPackage(line, 'typeorm') &&
      line.to?.path !== 'src/storage/columns' &&
      line.to?.kind !== 'entity',
  },
  {
    name: 'GraphQL packages stay in .type, .input and .resolver',
    reason: 'the suffix is the kind: every other file of a feature works without a schema',
    forbids: (line) =>
      isFeature(line.from) &&
      !graphqlKinds.has(line.from.kind) &&
      !line.isType &&
      isPackage(line, 'type-graphql', 'graphql', 'graphql-scalars'),
  },
  {
    name: 'typeorm stays in .entity and .repository',
    reason: 'the suffix is the kind: no other file of a feature writes queries',
    forbids: (line) =>
      isFeature(line.from) &&
      !['entity', 'repository'].includes(line.from.kind) &&
      !line.isType &&
      isPackage(line, 'typeorm'),
  },
  {
    name: 'the root is imported by nobody',
    reason: 'only cli/ and main.ts may import app.ts or main.ts: the composition root knows everything',
    forbids: ({ from, to }) =>
      (to?.path === 'src/app' || to?.path === 'src/main') && !/^src\/(main\.ts|cli\/)/.test(from.path),
  },
  {
    name: 'the entry tier is imported by nobody below it',
    reason: 'cli/ and features.ts name the whole product',
    forbids: ({ from, to }) => to?.tier === 'entry' && from.tier !== 'entry',
  },
  {
    name: 'no ../',
    reason: 'a path that climbs breaks when its file moves: use #src/',
    forbids: ({ specifier }) => /(^|\/)\.\.(\/|$)/.test(specifier),
  },
  {
    name: 'cross-folder imports use #src/',
    reason: './ is for files of the same folder; the alias says where a line lives',
    forbids: ({ specifier, to }) =>
      (to !== null && !specifier.startsWith('#src/') && !/^\.\/[^/]+$/.test(specifier)) ||
      (specifier.startsWith('#') && !specifier.startsWith('#src/')),
  },
];

function rank(folder: string): number {
  return (platformOrder as readonly string[]).indexOf(folder);
}
