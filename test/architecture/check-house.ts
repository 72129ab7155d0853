import { fileRules, readmeBreaches } from '#test/architecture/file-rules';
import { importRules, placeOf } from '#test/architecture/import-rules';
import { readFacts, type SourceFacts, type SourceTree } from '#test/architecture/source-facts';

/** The order that the product list must have; src/features.ts is read instead as soon as it names features. */
export const plannedFeatures = [
  ...['audit', 'connections', 'users', 'metadata', 'identities', 'roles', 'organizations', 'sessions'],
  ...['attribute-rules', 'search', 'viewer'],
] as const;

/** Every breach of the house rules in `src/`, one printable line each: file, line, import or text, rule, reason. */
export function checkHouse(tree: SourceTree): string[] {
  const files = [...tree]
    .filter(([path]) => path.endsWith('.ts'))
    .map(([path, text]) => readFacts(path, text));
  const featureOrder = readFeatureOrder(tree);
  return [
    ...files.flatMap((file) => checkImports(file, featureOrder)),
    ...files.flatMap(checkFile),
    ...checkFeatureList(files, featureOrder),
    ...findCycles(files).map(
      (cycle) => `${cycle.join(' -> ')}: no cycles: neither file can be read or loaded first`,
    ),
    ...readmeBreaches(tree).map(({ path, rule, reason }) => `${path}: ${rule}: ${reason}`),
  ];
}

function checkImports(file: SourceFacts, featureOrder: readonly string[]): string[] {
  const from = placeOf(file.path);
  return file.imports.flatMap((line) => {
    const placed = { ...line, from, to: line.target === null ? null : placeOf(line.target), featureOrder };
    const broken = importRules.filter((rule) => rule.forbids(placed));
    return broken.map(
      (rule) => `${file.path}:${line.line}: import '${line.specifier}': ${rule.name}: ${rule.reason}`,
    );
  });
}

function checkFile(file: SourceFacts): string[] {
  return fileRules.flatMap((rule) =>
    rule
      .breaches(file)
      .map(({ text, line }) => `${file.path}:${line}: '${text}': ${rule.name}: ${rule.reason}`),
  );
}

/** The features in the order in which src/features.ts imports their manifests. */
export function readFeatureOrder(tree: SourceTree): readonly string[] {
  const source = tree.get('src/features.ts');
  const imports = source === undefined ? [] : readFacts('src/features.ts', source).imports;
  const named = imports.filter(({ target }) => target?.endsWith('.feature'));
  const order = named.map(({ target }) => placeOf(target ?? '').unit);
  return order.length === 0 ? plannedFeatures : order;
}

function checkFeatureList(files: readonly SourceFacts[], featureOrder: readonly string[]): string[] {
  const units = new Set(
    files
      .map(({ path }) => placeOf(path))
      .filter(({ tier }) => tier === 'feature')
      .map(({ unit }) => unit),
  );
  return [...units]
    .filter((unit) => !featureOrder.includes(unit))
    .map(
      (unit) =>
        `src/features/${unit}: not listed in src/features.ts: the list is the map of the product and orders its imports`,
    );
}

/** Groups of files that import each other by value (strongly connected components, after Tarjan), each as a closed path. */
export function findCycles(files: readonly SourceFacts[]): string[][] {
  const known = new Set(files.map(({ path }) => path));
  const edges = new Map(
    files.map(({ path, imports }) => {
      const targets = imports.filter(({ isType }) => !isType).map(({ target }) => `${target}.ts`);
      return [path, targets.filter((target) => known.has(target))];
    }),
  );
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const cycles: string[][] = [];

  const visit = (path: string): void => {
    index.set(path, index.size);
    low.set(path, index.get(path) ?? 0);
    stack.push(path);
    for (const target of edges.get(path) ?? []) {
      if (!index.has(target)) visit(target);
      if (stack.includes(target)) low.set(path, Math.min(low.get(path) ?? 0, low.get(target) ?? 0));
    }
    if (low.get(path) !== index.get(path)) return;
    const component = stack.splice(stack.indexOf(path));
    if (component.length > 1 || edges.get(path)?.includes(path)) cycles.push([...component, path]);
  };
  for (const path of known) if (!index.has(path)) visit(path);
  return cycles;
}
