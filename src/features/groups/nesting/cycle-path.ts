import type { Edge } from './closure.repository';

/** The shortest way along the edges from one group down to another, both included; null when there is none. */
export function pathBetween(edges: readonly Edge[], from: string, to: string): readonly string[] | null {
  const children = new Map<string, string[]>();
  for (const { parentId, childId } of edges)
    children.set(parentId, [...(children.get(parentId) ?? []), childId]);
  const cameFrom = new Map<string, string | null>([[from, null]]);
  const queue = [from];
  for (let at = queue.shift(); at !== undefined && at !== to; at = queue.shift()) {
    for (const next of children.get(at) ?? []) {
      if (cameFrom.has(next)) continue;
      cameFrom.set(next, at);
      queue.push(next);
    }
  }
  if (!cameFrom.has(to)) return null;
  const path: string[] = [];
  for (let at: string | null = to; at !== null; at = cameFrom.get(at) ?? null) path.unshift(at);
  return path;
}

/** So many ways from one group to another are told; a lattice has more than anybody reads. */
export const mostPaths = 100;

/** Ways upwards from a group to one above it, each from below to above; the first hundred. */
export function pathsUp(edges: readonly Edge[], from: string, to: string): readonly (readonly string[])[] {
  const parents = new Map<string, string[]>();
  for (const { parentId, childId } of edges)
    parents.set(childId, [...(parents.get(childId) ?? []), parentId]);
  const leads = leadingTo(edges, to);
  const found: string[][] = [];
  const walk = (path: readonly string[]): void => {
    if (found.length >= mostPaths) return;
    const at = path.at(-1) as string;
    if (at === to) {
      found.push([...path]);
      return;
    }
    for (const next of parents.get(at) ?? []) if (leads.has(next)) walk([...path, next]);
  };
  walk([from]);
  return found;
}

/** The groups from which a way leads up to the target: others need not be walked. */
function leadingTo(edges: readonly Edge[], target: string): ReadonlySet<string> {
  const children = new Map<string, string[]>();
  for (const { parentId, childId } of edges)
    children.set(parentId, [...(children.get(parentId) ?? []), childId]);
  const leads = new Set([target]);
  const queue = [target];
  for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
    for (const child of children.get(at) ?? []) {
      if (leads.has(child)) continue;
      leads.add(child);
      queue.push(child);
    }
  }
  return leads;
}
