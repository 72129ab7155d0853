import type { FieldPath, QueryTree, QueryValue, Range, RangeBound } from './syntax-tree';

const special = /[+\-=&|><!(){}[\]^"~*?:\\/ \t\n\r\f\v]/g;
const specialInside = /[=&|><!(){}[\]^"~*?:\\/ \t\n\r\f\v]/g;
const keywords = new Set(['AND', 'OR', 'NOT']);

/** Writes a tree as a query, with the brackets it needs and no others: `parseQuery(printQuery(tree))` is the tree again. */
export function printQuery(tree: QueryTree): string {
  switch (tree.kind) {
    case 'all':
      return '*:*';
    case 'exists':
      return `_exists_:${printPath(tree.path)}`;
    case 'match':
      return tree.path ? `${printPath(tree.path)}:${printValue(tree.value)}` : printBare(tree.value);
    case 'range':
      return `${printPath(tree.path)}:${printRange(tree)}`;
    case 'not':
      return `NOT ${printOperand(tree.operand, ['not', 'and', 'or'])}`;
    case 'and':
      return tree.operands.map((operand) => printOperand(operand, ['and', 'or'])).join(' AND ');
    case 'or':
      return tree.items
        .map((item) => {
          if (item.occurs === 'optional') return printOperand(item.tree, ['or']);
          return `${item.occurs === 'required' ? '+' : '-'}${printOperand(item.tree, ['not', 'and', 'or'])}`;
        })
        .join(' OR ');
  }
}

/** A field path as it is written in a query, for example `user_metadata.first\ name`. */
function printPath(path: FieldPath): string {
  const text = path.map((name, index) => escapeText(name, index === 0).replaceAll('.', '\\.')).join('.');
  return text === '_exists_' ? '\\_exists_' : text;
}

function printOperand(tree: QueryTree, bracketed: readonly QueryTree['kind'][]): string {
  return bracketed.includes(tree.kind) ? `(${printQuery(tree)})` : printQuery(tree);
}

function printBare(value: QueryValue): string {
  const text = printValue(value);
  return keywords.has(text) ? `\\${text}` : text;
}

function printValue(value: QueryValue): string {
  switch (value.kind) {
    case 'phrase':
      return `"${value.text.replace(/["\\]/g, '\\$&')}"`;
    case 'term':
      return escapeText(value.text, true);
    case 'pattern':
      return value.parts.map((part, index) => escapeText(part, index === 0)).join('*');
  }
}

function printRange(range: Range): string {
  const { lower, upper } = range;
  const open = !lower || lower.inclusive ? '[' : '{';
  const close = !upper || upper.inclusive ? ']' : '}';
  return `${open}${printBound(lower)} TO ${printBound(upper)}${close}`;
}

function printBound(bound: RangeBound | null): string {
  return bound ? printValue(bound.value) : '*';
}

/** `+` and `-` mean something only at the start of a term. */
function escapeText(text: string, atStart: boolean): string {
  if (!atStart || text === '') return text.replace(specialInside, '\\$&');
  return text.charAt(0).replace(special, '\\$&') + text.slice(1).replace(specialInside, '\\$&');
}
