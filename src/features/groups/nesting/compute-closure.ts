import type { Edge } from './closure.repository';

export interface ClosurePair {
  readonly ancestorId: string;
  readonly descendantId: string;
  readonly depth: number;
}

export interface Closure {
  readonly pairs: readonly ClosurePair[];
  /** A way from a group back to itself, when the edges hold one. */
  readonly cycle: readonly string[] | null;
  /** The longest way; one more than `maxDepth` when it was not looked at to its end. */
  readonly depth: number;
  /** Whether there would be more pairs than anybody needs. */
  readonly isTooLarge: boolean;
}

/** A way so long is as bad as one without an end, and would exhaust the stack. */
const mostVisited = 1000;
const mostPairs = 2_000_000;

/** Every pair of a group and one below it, each with the longest way, and each group with itself. */
export function computeClosure(
  groupIds: readonly string[],
  edges: readonly Edge[],
  maxDepth = mostVisited,
): Closure {
  const parents = new Map<string, string[]>(groupIds.map((id) => [id, []]));
  for (const { parentId, childId } of edges) parents.get(childId)?.push(parentId);
  const above = new Map<string, ReadonlyMap<string, number>>();
  const visiting: string[] = [];
  const state = { cycle: null as readonly string[] | null, depth: 0, size: 0 };
  const isOver = (): boolean => state.cycle !== null || state.size > mostPairs;

  const visit = (id: string): ReadonlyMap<string, number> => {
    const known = above.get(id);
    if (known) return known;
    const found = new Map([[id, 0]]);
    if (isOver()) return found;
    const place = visiting.indexOf(id);
    if (place >= 0) state.cycle = [...visiting.slice(place), id].reverse();
    if (place >= 0 || visiting.length > mostVisited) {
      state.depth = Math.max(state.depth, maxDepth + 1);
      return found;
    }
    visiting.push(id);
    for (const parent of parents.get(id) ?? []) {
      for (const [ancestor, depth] of visit(parent)) {
        state.depth = Math.max(state.depth, depth + 1);
        // Beyond the limit nothing is kept: the whole is refused.
        if (depth < maxDepth) found.set(ancestor, Math.max(found.get(ancestor) ?? 0, depth + 1));
      }
    }
    visiting.pop();
    state.size += found.size;
    above.set(id, found);
    return found;
  };

  for (const id of groupIds) visit(id);
  const pairs: ClosurePair[] = [];
  const isTooLarge = state.size > mostPairs;
  if (!isOver() && state.depth <= maxDepth)
    for (const id of groupIds)
      for (const [ancestorId, depth] of above.get(id) ?? [])
        pairs.push({ ancestorId, descendantId: id, depth });
  return { pairs, cycle: state.cycle, depth: state.depth, isTooLarge };
}
