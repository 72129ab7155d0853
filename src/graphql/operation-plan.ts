import { saysItsUse } from '#src/graphql/field-marks';
import {
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import type { GuardedField } from '#src/access/gate';
import type { SchemaRules } from '#src/access/schema-rules';
import { literalArguments } from '#src/graphql/literal-arguments';

/** A field of the operation that is given arguments. */
export interface ArgumentSite {
  readonly node: FieldNode;
  readonly field: GraphQLField<unknown, unknown>;
  /** Those that are the same at each execution; null where one may hold a variable. */
  readonly args: Readonly<Record<string, unknown>> | null;
  /** `Query.users` */
  readonly coordinate: string;
  /** Whether it is a root mutation field, whose arguments are written; those of any other field are read by. */
  readonly isMutation: boolean;
  /** Set for root mutation fields that can be refused. */
  readonly mutation: GuardedField | null;
}

/** The fields of one object type that an operation selects, wherever that is. */
export interface SelectedFields {
  /** Those that are read as the property of their name. */
  readonly plain: Set<string>;
  /** Those that a resolver answers. */
  readonly resolved: Set<string>;
}

/** What the gates need to know of one operation; computed once for each parsed document. */
export interface OperationPlan {
  readonly operation: OperationDefinitionNode;
  /** Every field it can reach, on every concrete type, that can be refused. */
  readonly guarded: readonly GuardedField[];
  readonly arguments: readonly ArgumentSite[];
  /** By type. */
  readonly selected: ReadonlyMap<string, SelectedFields>;
  /** Fields that carry credentials (`signIn`), by response key order. */
  readonly credentialFields: number;
  /** Names of the root mutations. */
  readonly mutations: readonly string[];
  /** Whether it puts off the end of the session that it is asked in: all but mutations that say so themselves. */
  readonly isUse: boolean;
}

/** Root fields whose attempts are counted by the attack protection: a document may hold one of them, once. */
const credentialFields = new Set([
  'signIn',
  'signUp',
  'verifyEmail',
  'requestEmailVerification',
  'requestPasswordReset',
  'changePassword',
  'requestEmailChange',
  'confirmEmailChange',
  'verifyOtp',
  'exchangeRefreshToken',
  'completePasswordChange',
  'redeemImpersonation',
  'stopImpersonation',
  'completeMfa',
  'completeMfaEnrollment',
  'signInWithPasskey',
  'chooseOrganization',
  'respondToLinkPrompt',
  'reclaimAccount',
  'verifyEnrollment',
  'stepUp',
  'linkMyAccount',
  'completeAccountLink',
  'resetPassword',
  'exchangeToken',
  'exchangeClientCredentials',
  'acceptInvitation',
]);

export function planOperation(
  schema: GraphQLSchema,
  rules: SchemaRules,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): OperationPlan {
  const collector = new Collector(schema, rules, document);
  collector.walk(operation.selectionSet, schema.getRootType(operation.operation) as GraphQLCompositeType);
  return {
    operation,
    guarded: [...collector.guarded.values()],
    arguments: collector.sites,
    selected: collector.selected,
    credentialFields: collector.credentialFields,
    mutations: collector.mutations,
    isUse: collector.mutations.length === 0 || collector.quietMutations < collector.mutations.length,
  };
}

class Collector {
  readonly guarded = new Map<string, GuardedField>();
  readonly sites: ArgumentSite[] = [];
  readonly selected = new Map<string, SelectedFields>();
  credentialFields = 0;
  readonly mutations: string[] = [];
  quietMutations = 0;
  private readonly fragments = new Map<string, FragmentDefinitionNode>();
  private readonly visited = new Set<string>();

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly rules: SchemaRules,
    document: DocumentNode,
  ) {
    for (const node of document.definitions) {
      if (node.kind === Kind.FRAGMENT_DEFINITION) this.fragments.set(node.name.value, node);
    }
  }

  walk(set: SelectionSetNode, type: GraphQLCompositeType): void {
    for (const node of set.selections) {
      if (node.kind === Kind.FIELD) this.field(node, type);
      else if (node.kind === Kind.INLINE_FRAGMENT) {
        this.walk(node.selectionSet, this.typeNamed(node.typeCondition?.name.value) ?? type);
      } else this.fragment(node.name.value);
    }
  }

  private fragment(name: string): void {
    const fragment = this.fragments.get(name);
    if (!fragment || this.visited.has(name)) return;
    this.visited.add(name);
    const type = this.typeNamed(fragment.typeCondition.name.value);
    if (type) this.walk(fragment.selectionSet, type);
  }

  private field(node: FieldNode, parent: GraphQLCompositeType): void {
    for (const type of this.concreteTypes(parent)) {
      const coordinate = `${type.name}.${node.name.value}`;
      const guarded = this.rules.guarded.get(coordinate);
      if (guarded) this.guarded.set(coordinate, guarded);
      this.select(type, node.name.value);
    }
    const field =
      isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[node.name.value] : undefined;
    if (!field) return;
    const isMutation = parent === this.schema.getMutationType();
    if (isMutation) this.mutations.push(field.name);
    if (isMutation && saysItsUse(field)) this.quietMutations += 1;
    if (isMutation && credentialFields.has(field.name)) this.credentialFields += 1;
    const coordinate = `${parent.name}.${field.name}`;
    const mutation = isMutation ? (this.rules.guarded.get(coordinate) ?? null) : null;
    if (mutation || (node.arguments && node.arguments.length > 0)) {
      this.sites.push({
        ...{ node, field, coordinate, isMutation, mutation },
        args: literalArguments(field, node),
      });
    }
    const returned = getNamedType(field.type);
    if (node.selectionSet && isCompositeType(returned)) this.walk(node.selectionSet, returned);
  }

  private select(type: GraphQLObjectType, name: string): void {
    const field = type.getFields()[name];
    if (!field) return;
    let selected = this.selected.get(type.name);
    if (!selected) this.selected.set(type.name, (selected = { plain: new Set(), resolved: new Set() }));
    (field.resolve ? selected.resolved : selected.plain).add(name);
  }

  private concreteTypes(type: GraphQLCompositeType): readonly GraphQLObjectType[] {
    return isAbstractType(type) ? this.schema.getPossibleTypes(type) : [type];
  }

  private typeNamed(name: string | undefined): GraphQLCompositeType | undefined {
    const type = name === undefined ? undefined : this.schema.getType(name);
    return isCompositeType(type) ? type : undefined;
  }
}
