import {
  Kind,
  valueFromASTUntyped,
  visit,
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type ObjectTypeDefinitionNode,
  type TypeNode,
} from 'graphql';
import type { AuthRule } from '#src/access/rule';
import { assumedListSize } from '#src/graphql/limits/measure';
import { directiveNode } from '#src/graphql/schema-document';

export interface RouterLimits {
  readonly defaultPageSize: number;
  readonly maximumIds: number;
}

/** The version that knows every directive below. */
const link = `@link(
  url: "https://specs.apollo.dev/federation/v2.9"
  import: [
    "@key", "@shareable", "@tag", "@inaccessible"
    "@authenticated", "@requiresScopes", "@policy", "@cost", "@listSize"
  ]
)`;

/**
 * The schema document with what a federation router can act on, made from the access rules that stand in it. A router refuses early
 * and never in the gateway's place, so it is told nothing that would refuse more than the gateway does: where a rule ends in "or the
 * caller's own", the router asks for a caller alone. Object types and their fields only: what a router enforces on an interface can
 * be evaded by a fragment on the concrete type, so it derives that by itself.
 */
export function routerDocument(document: DocumentNode, limits: RouterLimits): DocumentNode {
  const objects = new Set(
    document.definitions.flatMap((node) =>
      node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.INTERFACE_TYPE_DEFINITION
        ? [node.name.value]
        : [],
    ),
  );
  return visit(document, {
    // Composition does not know it; the gateway enforces it all the same.
    Directive: (node) => (node.name.value === 'oneOf' ? null : undefined),
    SchemaExtension: (node) => ({ ...node, directives: [directiveNode(link)] }),
    ObjectTypeDefinition: (type) => ({
      ...type,
      directives: [...(type.directives ?? []), ...accessOf(type).map(directiveNode)],
      fields: (type.fields ?? []).map((field) => ({
        ...field,
        directives: [
          ...(field.directives ?? []),
          ...[...accessOf(field), ...tagsOf(type, field), ...costsOf(type, field, objects, limits)].map(
            directiveNode,
          ),
        ],
      })),
    }),
  });
}

type Ruled = ObjectTypeDefinitionNode | FieldDefinitionNode;

const named = (node: Ruled, name: string): ConstDirectiveNode | undefined =>
  node.directives?.find((directive) => directive.name.value === name);

function authOf(node: Ruled): AuthRule | undefined {
  const auth = named(node, 'auth');
  if (!auth) return undefined;
  return Object.fromEntries(
    (auth.arguments ?? []).map((argument) => [argument.name.value, valueFromASTUntyped(argument.value)]),
  );
}

/** `@authenticated`, `@requiresScopes`, `@policy` and `@inaccessible`, as far as a router can know what they ask. */
function accessOf(node: Ruled): readonly string[] {
  const hidden = named(node, 'blacklisted') ? ['@inaccessible'] : [];
  const rule = authOf(node);
  if (!rule) return hidden;
  const { roles = [], permissions = [], orSelf = false, acr, maxAge } = rule;
  const texts: string[] = [];
  if (orSelf || (roles.length === 0 && permissions.length === 0)) texts.push('@authenticated');
  else if (roles.length === 0) texts.push(`@requiresScopes(scopes: ${JSON.stringify(permissions)})`);
  const assurance = [
    ...(acr === undefined ? [] : [`acr:${acr}`]),
    ...(maxAge === undefined ? [] : [`max_age:${maxAge}`]),
  ];
  // Alternatives exist within one directive alone: a router asks for all of several.
  const either =
    orSelf || roles.length === 0
      ? [[]]
      : [
          ...roles.map((role) => [`role:${role}`]),
          ...permissions.map((list) => list.map((name) => `permission:${name}`)),
        ];
  const policies = either.map((list) => [...list, ...assurance]).filter((list) => list.length > 0);
  if (policies.length > 0) texts.push(`@policy(policies: ${JSON.stringify(policies)})`);
  return [...texts, ...hidden];
}

/** For contracts: who a field is for. Parts of an object have no tag of their own. */
function tagsOf(type: ObjectTypeDefinitionNode, field: FieldDefinitionNode): readonly string[] {
  const rule = authOf(field) ?? authOf(type);
  if (rule) {
    const isOwn = rule.orSelf === true || (!rule.roles && !rule.permissions);
    return [`@tag(name: "${isOwn ? 'account' : 'administration'}")`];
  }
  return (named(field, 'public') ?? named(type, 'public')) ? ['@tag(name: "public")'] : [];
}

/** The gateway's own measure of an operation: each object counts one, a list its page size or an assumed size. */
function costsOf(
  type: ObjectTypeDefinitionNode,
  field: FieldDefinitionNode,
  objects: ReadonlySet<string>,
  { defaultPageSize, maximumIds }: RouterLimits,
): readonly string[] {
  const returned = namedType(field.type);
  if (!objects.has(returned)) return [];
  // A router would count ten for a mutation.
  const weight = type.name.value === 'Mutation' ? ['@cost(weight: 1)'] : [];
  const names = (field.arguments ?? []).map((argument) => argument.name.value);
  if (names.includes('first') && /Connection$/.test(returned)) {
    const slicing = JSON.stringify(['first', 'last'].filter((name) => names.includes(name)));
    return [
      ...weight,
      `@listSize(assumedSize: ${defaultPageSize}, slicingArguments: ${slicing}, sizedFields: ["edges", "nodes"], requireOneSlicingArgument: false)`,
    ];
  }
  const isPage = field.name.value === 'nodes' || field.name.value === 'edges';
  if (!isList(field.type) || (isPage && /Connection$/.test(type.name.value))) return weight;
  return [...weight, `@listSize(assumedSize: ${names.includes('ids') ? maximumIds : assumedListSize})`];
}

const isList = (type: TypeNode): boolean =>
  type.kind === Kind.LIST_TYPE || (type.kind === Kind.NON_NULL_TYPE && isList(type.type));

const namedType = (type: TypeNode): string =>
  type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type);
