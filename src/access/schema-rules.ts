import {
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isLeafType,
  isNonNullType,
  isObjectType,
  valueFromASTUntyped,
  type ConstDirectiveNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';
import { declareAttribute, declaredAttributes } from '#src/access/attribute-catalogue';
import { segmentsOf } from '#src/access/attribute-path';
import { enumValueRule } from '#src/access/enum-rules';
import type { GuardedField } from '#src/access/gate';
import type { AccessRule } from '#src/access/rule';

/** Every rule of a schema, by coordinate: the authority that the gates read and the SDL is printed from. */
export interface SchemaRules {
  /** `User.email`: fields that can be refused. */
  readonly guarded: ReadonlyMap<string, GuardedField>;
  /** `UserFilter.email`, `Query.usersByEmail(email:)`, `UserSortField.EMAIL`. */
  readonly inputs: ReadonlyMap<string, AccessRule>;
  /** Field names of every object type, the unguarded ones included. */
  readonly fields: ReadonlyMap<string, readonly string[]>;
}

/** The operator's developer made a mistake in the schema: all of them are reported together, and the start is refused. */
export class SchemaRuleError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`The schema is not safe to serve:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'SchemaRuleError';
  }
}

export interface SchemaRuleSources {
  /** Names of the gateway's own permissions. */
  readonly permissions: ReadonlySet<string>;
  /** Where a coordinate is declared, for the message. */
  readonly fileOf: (coordinate: string) => string;
}

/** Collects the rules of a schema and checks that it is closed by default. Throws `SchemaRuleError`. */
export function collectSchemaRules(schema: GraphQLSchema, sources: SchemaRuleSources): SchemaRules {
  const problems: string[] = [];
  const guarded = new Map<string, GuardedField>();
  const fields = new Map<string, readonly string[]>();
  for (const type of objectTypes(schema)) {
    fields.set(type.name, Object.keys(type.getFields()));
    for (const field of Object.values(type.getFields()))
      collectField(type, field, guarded, problems, sources);
  }
  const inputs = collectInputs(schema);
  checkPermissionNames(guarded, inputs, problems, sources);
  checkAttributesOfInputs(schema, inputs, problems, sources);
  if (problems.length > 0) throw new SchemaRuleError(problems);
  return { guarded, inputs, fields };
}

function objectTypes(schema: GraphQLSchema): GraphQLObjectType[] {
  // The user's own types come first: their declaration of an attribute is the one that rules.
  return Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .filter((type) => !isIntrospectionType(type))
    .sort((a, b) => declaringRank(a) - declaringRank(b));
}

/** Other types may show an attribute of users again, under a rule of their own. */
const declaringTypes = ['User', 'Metadata'];

function declaringRank({ name }: GraphQLObjectType): number {
  const rank = declaringTypes.indexOf(name);
  return rank < 0 ? declaringTypes.length : rank;
}

function collectField(
  type: GraphQLObjectType,
  field: GraphQLField<unknown, unknown>,
  guarded: Map<string, GuardedField>,
  problems: string[],
  sources: SchemaRuleSources,
): void {
  const coordinate = `${type.name}.${field.name}`;
  const own = ruleOf(field);
  const rules = [ruleOf(type), own].filter((rule) => rule !== undefined);
  if (!rules.some(saysWho)) {
    problems.push(
      `${coordinate} has no access rule. Put @Auth, @WithParent, @Public or @Blacklisted above it in ${sources.fileOf(coordinate)}.`,
    );
    return;
  }
  if (own?.attribute !== undefined) declareAttribute(own.attribute, merged(rules), isPlain(field));
  if (!rules.some(canDeny)) return;
  if (isNonNullType(field.type) && type.name !== 'Mutation') {
    problems.push(
      `${coordinate} can be denied but is not nullable: a denial would erase its parent. Make it nullable in ${sources.fileOf(coordinate)}.`,
    );
  }
  guarded.set(coordinate, { index: guarded.size, coordinate, rules });
}

/** Whether the field shows one value that is no JSON. */
function isPlain(field: GraphQLField<unknown, unknown>): boolean {
  const type = getNullableType(field.type);
  return isLeafType(type) && type.name !== 'JSON';
}

/** A place of the schema, with the directives that its decorators wrote. */
interface Declared {
  readonly astNode?: { readonly directives?: readonly ConstDirectiveNode[] | undefined } | null | undefined;
}

/** The rule that the directives of a type, field, argument or input field declare. */
export function ruleOf({ astNode }: Declared): AccessRule | undefined {
  const rule: Record<string, unknown> = {};
  for (const { name, arguments: given = [] } of astNode?.directives ?? []) {
    const values = Object.fromEntries(
      given.map((node) => [node.name.value, valueFromASTUntyped(node.value)]),
    );
    if (name.value === 'attribute') rule['attribute'] = values['path'];
    else if (name.value === 'auth') rule['auth'] = values;
    else if (['public', 'withParent', 'blacklisted'].includes(name.value)) rule[name.value] = true;
  }
  return Object.keys(rule).length === 0 ? undefined : rule;
}

const saysWho = (rule: AccessRule): boolean =>
  Boolean(rule.public ?? rule.withParent ?? rule.blacklisted) || rule.auth !== undefined;
const canDeny = (rule: AccessRule): boolean =>
  rule.auth !== undefined || rule.blacklisted === true || rule.attribute !== undefined;

/** Type and field must both allow; for the catalogue of attributes the stricter of two `@auth` is the field's. */
function merged(rules: readonly AccessRule[]): AccessRule {
  return Object.assign({}, ...rules) as AccessRule;
}

function collectInputs(schema: GraphQLSchema): Map<string, AccessRule> {
  const inputs = new Map<string, AccessRule>();
  const add = (coordinate: string, rule: AccessRule | undefined): void => {
    if (rule) inputs.set(coordinate, rule);
  };
  for (const type of Object.values(schema.getTypeMap())) {
    if (isInputObjectType(type)) {
      for (const field of Object.values(type.getFields())) {
        add(`${type.name}.${field.name}`, ruleOf(field) ?? ruleOf(type));
      }
    } else if (isEnumType(type)) {
      for (const value of type.getValues())
        add(`${type.name}.${value.name}`, enumValueRule(`${type.name}.${value.name}`));
    } else if (isObjectType(type) || isInterfaceType(type)) {
      for (const field of Object.values(type.getFields())) {
        for (const argument of field.args) {
          const coordinate = `${type.name}.${field.name}(${argument.name}:)`;
          add(coordinate, ruleOf(argument));
        }
      }
    }
  }
  return inputs;
}

function checkPermissionNames(
  guarded: ReadonlyMap<string, GuardedField>,
  inputs: ReadonlyMap<string, AccessRule>,
  problems: string[],
  sources: SchemaRuleSources,
): void {
  const places: [string, AccessRule][] = [...inputs];
  for (const field of guarded.values()) for (const rule of field.rules) places.push([field.coordinate, rule]);
  for (const [coordinate, rule] of places) {
    for (const name of rule.auth?.permissions?.flat() ?? []) {
      if (!sources.permissions.has(name)) {
        problems.push(
          `${coordinate} asks for the permission "${name}", which no <x>.permissions.ts declares.`,
        );
      }
    }
  }
}

/** Inputs that speak of a user's attributes: by type name, so that a role's `name` is not taken for a user's. */
const aboutUsers = /User|Profile|Metadata/;
const notAttributes = new Set([
  'id',
  'user_id',
  'roles',
  'permissions',
  'organizations',
  'sessions',
  'identities',
]);

function checkAttributesOfInputs(
  schema: GraphQLSchema,
  inputs: ReadonlyMap<string, AccessRule>,
  problems: string[],
  sources: SchemaRuleSources,
): void {
  const attributes = new Set(declaredAttributes());
  for (const { coordinate, name } of placesAboutUsers(schema)) {
    const path = attributeNamed(name);
    if (!attributes.has(path) || notAttributes.has(path)) continue;
    if (inputs.get(coordinate)?.attribute !== undefined) continue;
    problems.push(
      `${coordinate} addresses the attribute ${path} but carries no @Attribute('${path}'), so stored rules could be evaded through it. Add it in ${sources.fileOf(coordinate)}.`,
    );
  }
}

interface InputPlace {
  readonly coordinate: string;
  readonly name: string;
}

/** Input fields and sort keys of types about users, and arguments by which users are found. */
function placesAboutUsers(schema: GraphQLSchema): InputPlace[] {
  return Object.values(schema.getTypeMap()).flatMap((type): InputPlace[] => {
    const within = (names: readonly string[]): InputPlace[] =>
      aboutUsers.test(type.name) ? names.map((name) => ({ coordinate: `${type.name}.${name}`, name })) : [];
    if (isInputObjectType(type)) return within(Object.keys(type.getFields()));
    if (isEnumType(type)) return within(type.getValues().map(({ name }) => name));
    if (!isObjectType(type) || isIntrospectionType(type)) return [];
    return Object.values(type.getFields()).flatMap((field) =>
      /^User(Connection)?$/.test(getNamedType(field.type).name)
        ? field.args.map(({ name }) => ({ coordinate: `${type.name}.${field.name}(${name}:)`, name }))
        : [],
    );
  });
}

function attributeNamed(name: string): string {
  return /^[A-Z][A-Z0-9_]*$/.test(name) ? name.toLowerCase() : (segmentsOf(name)[0] as string);
}
