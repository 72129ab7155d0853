import { Kind, type TypeNode } from 'graphql';
import type { DeclaredField, DeclaredRules } from '#test/attacks/support/declared-rules';

/** The way from a root field to an object of a type. */
export interface Route {
  readonly leadsTo: string;
  readonly steps: readonly DeclaredField[];
}

/** Arguments for fields that need some, or that lead to the target's data with them. */
export type ArgumentTexts = Readonly<Record<string, string>>;

export function namedType(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type);
}

/**
 * A way to each object type over each field that leads to it: the shortest way to the field's own type, and then the field. Not
 * through the fields of `avoid`: those lead to the caller's own data or answer by rules of their own.
 */
export function routesOf(rules: DeclaredRules, avoid: ReadonlySet<string>): readonly Route[] {
  const known = new Set(rules.objectTypes().map((type) => type.name.value));
  const first = new Map<string, readonly DeclaredField[]>([['Query', []]]);
  const routes: Route[] = [];
  for (const [typeName, steps] of first) {
    for (const field of rules.fields(typeName)) {
      const leadsTo = namedType(field.node.type);
      if (avoid.has(`${typeName}.${field.name}`) || !known.has(leadsTo)) continue;
      routes.push({ leadsTo, steps: [...steps, field] });
      // A map goes on to what is added to it while it is walked through.
      if (!first.has(leadsTo)) first.set(leadsTo, [...steps, field]);
    }
  }
  return routes;
}

/** `user(id: "…")`: the field with its arguments; fails for one whose required arguments nobody has given a value. */
export function call(field: DeclaredField, values: ArgumentTexts): string {
  const coordinate = `${field.type}.${field.name}`;
  const given = values[coordinate];
  const needed = (field.node.arguments ?? []).filter(
    (node) => node.type.kind === Kind.NON_NULL_TYPE && !node.defaultValue,
  );
  if (needed.length > 0 && given === undefined)
    throw new Error(`${coordinate} needs arguments: give the matrix some to call it with.`);
  // Small pages, so that the cost of the operation stays low.
  const isList = field.node.arguments?.some((node) => node.name.value === 'first') === true;
  const all = [given, isList ? 'first: 3' : undefined].filter((text) => text !== undefined);
  return all.length === 0 ? field.name : `${field.name}(${all.join(', ')})`;
}

/** Wraps a selection into the steps that lead to it. */
export function along(route: Route, values: ArgumentTexts, selection: string): string {
  return route.steps.reduceRight((inner, step) => `${call(step, values)} { ${inner} }`, selection);
}
