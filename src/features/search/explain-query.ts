import type { QueryTree } from '#src/features/search/lucene/syntax-tree';
import { parseQuery } from '#src/features/search/lucene/parse';
import { printQuery } from '#src/features/search/lucene/print';
import type { Predicate } from './predicate';
import { describeTree, type TreeDescription } from './describe-tree';
import { planSearch, searchableNames, type SearchRights } from './search-plan';
import { queryRefusals } from './search-refusals';
import { isIndexed, isIndexedInfix } from './search-strategy';
import { bareFields, lookUpField } from './searchable-fields';

/** How much of the data a search reads: an exact value, a stretch of an index, or every user. */
export type QueryCost = 'EXACT' | 'RANGE' | 'SCAN';

export interface QueryExplanation {
  /** The query with all brackets and escapes that it needs, and no others. */
  readonly normalized: string;
  readonly tree: TreeDescription;
  readonly fields: readonly string[];
  readonly warnings: readonly string[];
  readonly cost: QueryCost;
}

/** What a query means and costs. Refuses it as the search would. */
export function explainQuery(query: string, rights: SearchRights): QueryExplanation {
  const tree = parseQuery(query);
  const predicate = planSearch(tree, rights, queryRefusals);
  const warnings = new Set<string>();
  collectWarnings(predicate, warnings);
  return {
    normalized: printQuery(tree),
    tree: describeTree(tree),
    fields: [...new Set(fieldsOf(tree, rights))].sort(),
    warnings: [...warnings],
    cost: costOf(predicate),
  };
}

function fieldsOf(tree: QueryTree, rights: SearchRights): string[] {
  switch (tree.kind) {
    case 'all':
      return [];
    case 'not':
      return fieldsOf(tree.operand, rights);
    case 'and':
      return tree.operands.flatMap((operand) => fieldsOf(operand, rights));
    case 'or':
      return tree.items.flatMap((item) => fieldsOf(item.tree, rights));
    default: {
      if (!tree.path) {
        const open = new Set(searchableNames(rights));
        return bareFields.map(({ name }) => name).filter((name) => open.has(name));
      }
      const lookup = lookUpField(tree.path);
      return lookup.found === 'field' ? [lookup.field.name] : [];
    }
  }
}

function collectWarnings(predicate: Predicate, warnings: Set<string>): void {
  if (predicate.kind === 'not') return collectWarnings(predicate.operand, warnings);
  if (predicate.kind === 'and' || predicate.kind === 'or') {
    for (const operand of predicate.operands) collectWarnings(operand, warnings);
  }
  if (predicate.kind !== 'test') return;
  if (predicate.test === 'pattern' && predicate.parts[0] === '') {
    warnings.add(
      isIndexedInfix(predicate)
        ? 'A pattern that begins with a star costs more than a prefix such as jan*.'
        : 'A pattern that begins with a star reads every user. A prefix such as jan* uses an index.',
    );
  }
  if (predicate.test === 'exists') {
    warnings.add('A test for existence alone reads many users. Join it with a value by AND.');
  }
}

/** With AND the cheapest condition finds the users; with OR the dearest decides; what is negated is no help. */
function costOf(predicate: Predicate): QueryCost {
  switch (predicate.kind) {
    case 'true':
    case 'not':
      return 'SCAN';
    case 'false':
      return 'EXACT';
    case 'and':
      return extreme(predicate.operands.map(costOf), 'least');
    case 'or':
      return extreme(predicate.operands.map(costOf), 'most');
    case 'test':
      return leafCost(predicate);
  }
}

function leafCost(leaf: Predicate & { kind: 'test' }): QueryCost {
  if (!isIndexed(leaf)) return 'SCAN';
  return leaf.test === 'equals' ? 'EXACT' : 'RANGE';
}

const costs: readonly QueryCost[] = ['EXACT', 'RANGE', 'SCAN'];

function extreme(found: readonly QueryCost[], which: 'least' | 'most'): QueryCost {
  const ranks = found.map((cost) => costs.indexOf(cost));
  return costs[which === 'least' ? Math.min(...ranks) : Math.max(...ranks)] as QueryCost;
}
