import { getDocumentNodeFromSchema } from '@graphql-tools/utils';
import {
  Kind,
  parse,
  visit,
  type ConstDirectiveNode,
  type DocumentNode,
  type EnumTypeDefinitionNode,
  type GraphQLSchema,
  type ObjectTypeDefinitionNode,
} from 'graphql';
import { authDirective } from '#src/access/decorators';
import { directiveDefinitions } from '#src/access/directives';
import { enumValueRule } from '#src/access/enum-rules';
import type { AccessRule } from '#src/access/rule';

const federationLink = `extend schema @link(
  url: "https://specs.apollo.dev/federation/v2.3"
  import: ["@key", "@shareable", "@tag", "@inaccessible"]
)`;

const ours = new Set(['public', 'auth', 'attribute', 'withParent', 'blacklisted']);

/** The schema as SDL with every directive: what `schema.graphql` holds and the federation subgraph is built from. */
export function schemaDocument(source: GraphQLSchema, entityTypes: ReadonlySet<string>): DocumentNode {
  const printed = getDocumentNodeFromSchema(source);
  const completed = visit(printed, {
    DirectiveDefinition: (node) => (ours.has(node.name.value) ? null : undefined),
    SchemaDefinition: () => null,
    SchemaExtension: () => null,
    EnumTypeDefinition: withEnumRules,
    ObjectTypeDefinition: (node) => (entityTypes.has(node.name.value) ? withKey(node) : undefined),
  });
  const definitions = parse(`${federationLink}\n${directiveDefinitions}`, { noLocation: true }).definitions;
  return { kind: Kind.DOCUMENT, definitions: [...definitions, ...completed.definitions] };
}

function withEnumRules(node: EnumTypeDefinitionNode): EnumTypeDefinitionNode {
  const values = node.values?.map((value) => {
    const rule = enumValueRule(`${node.name.value}.${value.name.value}`);
    return rule ? { ...value, directives: [...(value.directives ?? []), ...ruleDirectives(rule)] } : value;
  });
  return values ? { ...node, values } : node;
}

function withKey(node: ObjectTypeDefinitionNode): ObjectTypeDefinitionNode {
  return { ...node, directives: [directiveNode('@key(fields: "id")'), ...(node.directives ?? [])] };
}

function ruleDirectives(rule: AccessRule): ConstDirectiveNode[] {
  const texts: string[] = [];
  if (rule.auth) texts.push(authDirective(rule.auth));
  if (rule.attribute !== undefined) texts.push(`@attribute(path: ${JSON.stringify(rule.attribute)})`);
  if (rule.blacklisted) texts.push('@blacklisted');
  return texts.map(directiveNode);
}

/** A directive from its text. */
export function directiveNode(text: string): ConstDirectiveNode {
  const document = parse(`type T ${text} { f: Int }`, { noLocation: true });
  return (document.definitions[0] as ObjectTypeDefinitionNode).directives?.[0] as ConstDirectiveNode;
}
