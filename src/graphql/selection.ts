import { Kind, type FieldNode, type GraphQLResolveInfo, type SelectionSetNode } from 'graphql';

/** The fields that an operation selects below one field; used to read ahead, never to decide access. */
export interface Selection {
  /** The field itself; the first of several nodes that are merged. */
  readonly node: FieldNode;
  /** The selection below `field` of `typeName`, or undefined when it is not selected for certain (`@include` and `@skip` count as not). */
  has(typeName: string, field: string): Selection | undefined;
}

type Fragments = GraphQLResolveInfo['fragments'];

/** What is selected below the field being resolved. Parsed documents are kept, so each field's selection is computed once. */
export function selectionOf(info: Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments'>): Selection {
  const first = info.fieldNodes[0] as FieldNode;
  let selection = known.get(first);
  if (!selection) {
    selection = new FieldSelection(
      first,
      info.fieldNodes.flatMap((node) => (node.selectionSet ? [node.selectionSet] : [])),
      info.fragments,
    );
    known.set(first, selection);
  }
  return selection;
}

const known = new WeakMap<FieldNode, Selection>();

class FieldSelection implements Selection {
  private readonly below = new Map<string, Selection | undefined>();

  constructor(
    readonly node: FieldNode,
    private readonly sets: readonly SelectionSetNode[],
    private readonly fragments: Fragments,
  ) {}

  has(typeName: string, field: string): Selection | undefined {
    const key = `${typeName}.${field}`;
    if (!this.below.has(key)) {
      const found: FieldNode[] = [];
      for (const set of this.sets) collect(set, typeName, field, this.fragments, found);
      const sets = found.flatMap((node) => (node.selectionSet ? [node.selectionSet] : []));
      this.below.set(key, found[0] ? new FieldSelection(found[0], sets, this.fragments) : undefined);
    }
    return this.below.get(key);
  }
}

function collect(
  set: SelectionSetNode,
  typeName: string,
  field: string,
  fragments: Fragments,
  found: FieldNode[],
): void {
  for (const node of set.selections) {
    if (node.directives && node.directives.length > 0) continue;
    if (node.kind === Kind.FIELD) {
      if (node.name.value === field) found.push(node);
      continue;
    }
    const fragment = node.kind === Kind.INLINE_FRAGMENT ? node : fragments[node.name.value];
    const condition = fragment?.typeCondition?.name.value;
    if (fragment && (condition === undefined || condition === typeName)) {
      collect(fragment.selectionSet, typeName, field, fragments, found);
    }
  }
}
