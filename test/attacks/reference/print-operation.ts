import type {
  Condition,
  Leaf,
  PlainField,
  PlainOperation,
  ProfileLeaf,
} from '#test/attacks/reference/plain-operations';

interface Printed {
  readonly fragments: string[];
}

/** The operation as a GraphQL document; its root field is called `root`. */
export function printOperation(operation: PlainOperation): string {
  const printed: Printed = { fragments: [] };
  const user = selection(operation.fields, 'User', printed);
  const onUser = `{ ... on User ${user} }`;
  const text = JSON.stringify;
  const root = ((): string => {
    switch (operation.kind) {
      case 'user':
        return `user(id: ${text(operation.ids[0])}) ${user}`;
      case 'userBy':
        return `userBy(where: { id: ${text(operation.ids[0])} }) ${user}`;
      case 'node':
        return `node(id: ${text(operation.ids[0])}) ${onUser}`;
      case 'nodes':
        return `nodes(ids: ${text(operation.ids)}) ${onUser}`;
      case 'entity':
      case 'entities': {
        const list = operation.ids.map((id) => `{ __typename: "User", id: ${text(id)} }`).join(', ');
        return `_entities(representations: [${list}]) ${onUser}`;
      }
      case 'me':
        return `me ${user}`;
      default:
        return `users(first: 12, ${searched(operation)} sort: [${sortText(operation)}]) { nodes ${user} totalCount }`;
    }
  })();
  return `query { root: ${root} }\n${printed.fragments.join('\n')}`;
}

function sortText(operation: PlainOperation): string {
  const byId = '{ field: ID, direction: ASC }';
  if (operation.kind !== 'list' || operation.sort === null) return byId;
  return `{ field: ${operation.sort}, direction: ASC }, ${byId}`;
}

function searched(operation: Extract<PlainOperation, { kind: 'list' | 'query' | 'term' }>): string {
  if (operation.kind === 'term') return `q: ${JSON.stringify(JSON.stringify(operation.text))}`;
  if (operation.kind === 'query') return `q: ${JSON.stringify(queryText(operation.leaf, operation.negated))}`;
  return operation.filter === null ? '' : `filter: ${filterText(operation.filter)}`;
}

function selection(fields: readonly PlainField[], type: string, printed: Printed): string {
  const parts = fields.map((field) => {
    const text = fieldText(field, printed);
    if (field.wrap === 'untyped') return `... { ${text} }`;
    if (field.wrap === 'inline') return `... on ${type} { ${text} }`;
    if (field.wrap === 'none') return text;
    const name = `f${printed.fragments.length}`;
    printed.fragments.push(`fragment ${name} on ${type} { ${text} }`);
    return `...${name}`;
  });
  return `{ ${parts.join(' ')} }`;
}

function fieldText({ key, name, path, names, fields }: PlainField, printed: Printed): string {
  const alias = key === name ? name : `${key}: ${name}`;
  if (name === 'roles') return `${alias} { name }`;
  if (name === 'organizations') return `${alias}(first: 2) { nodes { organization { id } } }`;
  if (names) return `${alias}(names: ${JSON.stringify(names)})`;
  if (path !== undefined) return `${alias}(path: ${JSON.stringify(path)})`;
  if (!fields) return alias;
  return `${alias} ${selection(fields, name === 'metadata' ? 'Metadata' : 'Identity', printed)}`;
}

function filterText(condition: Condition): string {
  switch (condition.on) {
    case 'and':
    case 'or':
      return `{ ${condition.on}: [${condition.of.map(filterText).join(', ')}] }`;
    case 'not':
      return `{ not: ${filterText(condition.of)} }`;
    case 'link':
      return `{ ${condition.field}: ${JSON.stringify(condition.eq)} }`;
    case 'column':
      return `{ ${condition.field}: { ${comparison(condition)} } }`;
    case 'metadata':
      return `{ metadata: [{ store: ${condition.store}, path: ${JSON.stringify(condition.path)}, ${comparison(condition)} }] }`;
  }
}

function comparison(leaf: { readonly eq?: string | number; readonly exists?: boolean }): string {
  return leaf.eq === undefined ? `exists: ${String(leaf.exists)}` : `eq: ${JSON.stringify(leaf.eq)}`;
}

const queryNames: Readonly<Record<string, string>> = {
  phoneNumber: 'phone_number',
  givenName: 'given_name',
  lastIp: 'last_ip',
  loginsCount: 'logins_count',
  organizationId: 'organization_id',
  connection: 'identities.connection',
};

function queryText(leaf: Leaf | ProfileLeaf, negated: boolean): string {
  const name =
    leaf.on === 'profile'
      ? `identities.profileData.${leaf.path}`
      : leaf.on === 'metadata'
        ? `${leaf.store === 'USER' ? 'user' : 'app'}_metadata.${leaf.path}`
        : (queryNames[leaf.field] ?? leaf.field);
  const value =
    'eq' in leaf
      ? `${name}:${typeof leaf.eq === 'number' ? leaf.eq : JSON.stringify(leaf.eq)}`
      : `_exists_:${name}`;
  const isNegative = 'exists' in leaf && !leaf.exists;
  return isNegative !== negated ? `NOT ${value}` : value;
}
