import type { Match, Or, QueryTree } from '#src/features/search/lucene/syntax-tree';
import type { Place } from './search.errors';
import type { Refusals } from './search-refusals';
import { allOf, anyOf, everything, negate, testOf, type Predicate } from './predicate';
import { bareFields, fieldNamed, fieldNames, lookUpField, type SearchableField } from './searchable-fields';
import { nearestNames } from './nearest-names';
import { metadataMatch, metadataRange } from './metadata-leaf';
import { matchLeaf, rangeLeaf } from './typed-leaf';

/** What the caller may search by. */
export interface SearchRights {
  /** Whether the attribute may be filtered by, whatever the value of the users it concerns. */
  mayFilter(attribute: string): boolean;
  /** The same for a member of the profile data of identities, by its keys. */
  mayFilterProfileData(keys: readonly string[]): boolean;
  /** Whether a name outside the catalogue is on the blacklist. */
  isBlacklisted(name: string): boolean;
}

/**
 * Turns a tree into conditions that this caller may ask: field names become columns, values become typed and folded, bare
 * terms become the text fields the caller may filter by. Refuses what `refusals` says; a field that is closed to the caller is
 * answered like one that nobody can search.
 */
export function planSearch(tree: QueryTree, rights: SearchRights, refusals: Refusals): Predicate {
  switch (tree.kind) {
    case 'all':
      return everything;
    case 'not':
      return negate(planSearch(tree.operand, rights, refusals));
    case 'and':
      return allOf(tree.operands.map((operand) => planSearch(operand, rights, refusals)));
    case 'or':
      return planList(tree, rights, refusals);
    case 'exists':
      return testOf(openField(tree.path, tree.at.field, rights, refusals).target, { test: 'exists' });
    case 'range': {
      const field = openField(tree.path, tree.at.field, rights, refusals);
      return field.kind === 'metadata'
        ? metadataRange(field, tree, refusals)
        : rangeLeaf(field, tree, refusals);
    }
    case 'match': {
      if (!tree.path) return planBare(tree, rights, refusals);
      const field = openField(tree.path, tree.at.field, rights, refusals);
      const plan = field.kind === 'metadata' ? metadataMatch : matchLeaf;
      return plan(field, tree.value, tree.at.value, refusals);
    }
  }
}

function planList(list: Or, rights: SearchRights, refusals: Refusals): Predicate {
  const plans = list.items.map((item) => ({
    occurs: item.occurs,
    predicate: planSearch(item.tree, rights, refusals),
  }));
  const of = (occurs: string) => plans.filter((plan) => plan.occurs === occurs).map((plan) => plan.predicate);
  const [required, optional, prohibited] = [of('required'), of('optional'), of('prohibited')];
  const wanted = required.length > 0 ? required : optional.length > 0 ? [anyOf(optional)] : [];
  return allOf([...wanted, ...prohibited.map(negate)]);
}

function planBare(match: Match, rights: SearchRights, refusals: Refusals): Predicate {
  const open = bareFields.filter((field) => isOpen(field, rights));
  return anyOf(open.map((field) => matchLeaf(field, match.value, match.at.value, refusals)));
}

function openField(
  path: readonly string[],
  at: Place,
  rights: SearchRights,
  refusals: Refusals,
): SearchableField {
  const lookup = lookUpField(path);
  switch (lookup.found) {
    case 'field':
      if (!isOpen(lookup.field, rights)) throw refusals.notSearchable(at);
      return lookup.field;
    case 'never':
      throw refusals.notSearchable(at);
    case 'raw':
      openField(lookup.of, at, rights, refusals);
      throw refusals.invalid(
        at,
        'the suffix ".raw" is not supported',
        'Leave it out: values are compared whole.',
      );
    case 'unknown':
      if (rights.isBlacklisted(path.join('.'))) throw refusals.notSearchable(at);
      throw refusals.unknownField(at, nearestNames(path.join('.'), searchableNames(rights)));
  }
}

/** The fields without open-ended names that the caller may search. */
export function searchableNames(rights: SearchRights): readonly string[] {
  return fieldNames.filter((name) => isOpen(fieldNamed(name) as SearchableField, rights));
}

function isOpen(field: SearchableField, rights: SearchRights): boolean {
  if (!field.attributes.every((attribute) => rights.mayFilter(attribute))) return false;
  return field.profileData === undefined || rights.mayFilterProfileData(field.profileData);
}
