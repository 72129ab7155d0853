import {
  isLoneStar,
  type OrItem,
  type QueryTree,
  type QueryValue,
  type RangeBound,
} from '#src/features/search/lucene/syntax-tree';
import { lookUpField } from './searchable-fields';

/** A query as nested JSON, for those who show or check how it was understood. */
export type TreeDescription = Readonly<Record<string, unknown>>;

/**
 * `{all: true}`, `{not: T}`, `{and: [T, …]}`, `{or: [T, …]}` with `required` and `prohibited` members of the list where it has
 * some, or a clause: its `field` (null: the usual text fields) with `equals`, `pattern`, `range` or `exists`.
 */
export function describeTree(tree: QueryTree): TreeDescription {
  switch (tree.kind) {
    case 'all':
      return { all: true };
    case 'not':
      return { not: describeTree(tree.operand) };
    case 'and':
      return { and: tree.operands.map(describeTree) };
    case 'or':
      return describeList(tree.items);
    case 'exists':
      return { field: nameOf(tree.path), exists: true };
    case 'match':
      return { field: tree.path && nameOf(tree.path), ...describeValue(tree.value) };
    case 'range':
      return {
        field: nameOf(tree.path),
        range: { from: describeBound(tree.lower), to: describeBound(tree.upper) },
      };
  }
}

function describeList(items: readonly OrItem[]): TreeDescription {
  const of = (occurs: OrItem['occurs']): TreeDescription[] =>
    items.filter((item) => item.occurs === occurs).map((item) => describeTree(item.tree));
  const [optional, required, prohibited] = [of('optional'), of('required'), of('prohibited')];
  return {
    or: optional,
    ...(required.length > 0 ? { required } : {}),
    ...(prohibited.length > 0 ? { prohibited } : {}),
  };
}

/** A quoted text is told apart: in metadata it is never a number, true or false. */
function describeValue(value: QueryValue): TreeDescription {
  if (value.kind !== 'pattern') return { equals: value.text, quoted: value.kind === 'phrase' };
  if (isLoneStar(value)) return { exists: true };
  // The parts between the stars, since a part may hold a star itself.
  return { pattern: value.parts };
}

function describeBound(bound: RangeBound | null): TreeDescription | null {
  if (!bound) return null;
  return { value: bound.value.text, quoted: bound.value.kind === 'phrase', inclusive: bound.inclusive };
}

function nameOf(path: readonly string[]): string {
  const lookup = lookUpField(path);
  return lookup.found === 'field' ? lookup.field.name : path.join('.');
}
