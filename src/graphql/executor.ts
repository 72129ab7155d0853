import {
  execute,
  getArgumentValues,
  getNamedType,
  GraphQLError,
  isScalarType,
  type DocumentNode,
  type ExecutionResult,
  type OperationDefinitionNode,
} from 'graphql';
import { accessErrors } from '#src/access/access.errors';
import { delegableMutations } from '#src/access/delegation';
import { isDelegated } from '#src/access/principal';
import { checkInputs, checkMutation, givenPlaces, type GivenArgument } from '#src/access/operation-gate';
import { coerceVariables } from '#src/graphql/coerce-variables';
import type { BuiltSchema } from '#src/graphql/build-schema';
import { withGenuineErrors } from '#src/graphql/compile-operation';
import { CompiledForms, formFor, type Form } from '#src/graphql/compiled-forms';
import { denialErrors, toGraphqlError } from '#src/graphql/denials';
import { introspectionOf, type CallerSchemas, type Introspection } from '#src/graphql/introspection';
import { exceededLimit, type OperationLimits } from '#src/graphql/limits/limits';
import { measureOperation, type Measure } from '#src/graphql/limits/measure';
import { planOperation, type ArgumentSite, type OperationPlan } from '#src/graphql/operation-plan';
import type { RequestContext } from '#src/graphql/request-context';
import { warningsOf } from '#src/graphql/warnings';
import { httpErrors } from '#src/http/http.errors';
import { commonErrors, GatehouseError } from '#src/shared/errors';

export interface ExecutionRequest {
  readonly document: DocumentNode;
  /** Undefined when `operationName` names none of the document, or is missing where there are several. */
  readonly operation: OperationDefinitionNode | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly context: RequestContext;
}

export interface ExecutorOptions {
  readonly limits: OperationLimits;
  readonly anonymousLimits: OperationLimits;
  readonly defaultPageSize: number;
  /** An operation is compiled at its second execution by callers with the same rights over it. Off: always graphql-js. */
  readonly compile: boolean;
  /** Counts and records look-ups by values that the caller may not read; rejects when there are too many. Without it they are refused. */
  readonly admitLookUps?: (context: RequestContext) => Promise<void>;
  /** Shows each caller its own part of the schema; without it introspection shows all of it. */
  readonly callerSchemas?: CallerSchemas | undefined;
  /** Whether messages about variables suggest names of the schema: only where anybody may read it. Default: no. */
  readonly suggestNames?: boolean;
}

/** What is kept of a parsed document for as long as the document itself is kept. */
interface Prepared {
  readonly plan: OperationPlan;
  readonly introspection: Introspection;
  /** What the operation gate is asked about. */
  readonly sites: readonly ArgumentSite[];
  /** Kept where no variable can change it. */
  measure: Measure | null;
  readonly compiled: CompiledForms;
}

/**
 * Executes one operation behind its gates: limits, then every input, then every root mutation, then the fields. A field that the
 * operation gate finds open to the caller, whatever the object, needs no gate of its own once the operation is compiled.
 */
export class Executor {
  private readonly prepared = new WeakMap<DocumentNode, Map<OperationDefinitionNode, Prepared>>();

  constructor(
    private readonly built: BuiltSchema,
    private readonly options: ExecutorOptions,
  ) {}

  async execute(request: ExecutionRequest): Promise<ExecutionResult> {
    const { document, operation, context } = request;
    if (!operation) return { errors: [unknownOperation()] };
    const prepared = this.prepare(document, operation);
    const { mutations } = prepared.plan;
    if (prepared.plan.isUse) context.http.touch?.();
    // SECURITY: who acts in the name of a user may not change how that user signs in, nor anything that was not decided about.
    if (isDelegated(context.principal) && mutations.some((name) => !delegableMutations.has(name))) {
      return { errors: [toGraphqlError(accessErrors.DELEGATED_SESSION_FORBIDDEN())] };
    }
    const variables = coerceVariables(
      this.built.open,
      operation,
      request.variables,
      this.options.suggestNames ?? false,
    );
    if (!variables.coerced) return { errors: variables.errors };
    const refusals = this.refuse(prepared, document, variables.coerced, context);
    if (refusals.length > 0) return { errors: refusals };
    const { callerSchemas } = this.options;
    if (callerSchemas && prepared.introspection !== 'no')
      return callerSchemas.answer({ ...request, operation }, prepared.introspection, context);
    if (context.gate.lookUps.length > 0) {
      const refused = await this.admitLookUps(context);
      if (refused) return { errors: [toGraphqlError(refused)] };
    }
    context.selected = prepared.plan.selected;
    const decisions = prepared.plan.guarded.map((field) => context.gate.decide(field));
    context.judgesObjects = decisions.includes('OBJECT');
    const result = await this.run(prepared, formFor(decisions), request, variables.coerced);
    return withWarnings(withDenials(result, context), context);
  }

  private async admitLookUps(context: RequestContext): Promise<GatehouseError | null> {
    try {
      if (!this.options.admitLookUps) return commonErrors.FORBIDDEN_ARGUMENT();
      await this.options.admitLookUps(context);
      return null;
    } catch (error) {
      if (error instanceof GatehouseError) return error;
      throw error;
    }
  }

  private prepare(document: DocumentNode, operation: OperationDefinitionNode): Prepared {
    let operations = this.prepared.get(document);
    if (!operations) {
      operations = new Map();
      this.prepared.set(document, operations);
    }
    let prepared = operations.get(operation);
    if (!prepared) {
      const plan = planOperation(this.built.open, this.built.rules, document, operation);
      const introspection = introspectionOf(document, operation);
      const sites = plan.arguments.filter((site) => isRuled(site, this.built));
      const compiled = new CompiledForms(this.built, document, plan);
      prepared = { plan, introspection, sites, measure: null, compiled };
      operations.set(operation, prepared);
    }
    return prepared;
  }

  private measure(prepared: Prepared, document: DocumentNode, variables: Record<string, unknown>): Measure {
    if (prepared.measure) return prepared.measure;
    const { operation } = prepared.plan;
    const size = this.options.defaultPageSize;
    const measure = measureOperation(this.built.open, document, operation, variables, size);
    if (!measure.isVariable) prepared.measure = measure;
    return measure;
  }

  private refuse(
    prepared: Prepared,
    document: DocumentNode,
    variables: Record<string, unknown>,
    context: RequestContext,
  ): GraphQLError[] {
    const { principal } = context;
    const limits = principal.kind === 'anonymous' ? this.options.anonymousLimits : this.options.limits;
    const { plan } = prepared;
    const exceeded = exceededLimit(this.measure(prepared, document, variables), limits);
    if (exceeded) return [toGraphqlError(exceeded)];
    // SECURITY: alias amplification. One request is one guess, however often a credential field is aliased.
    if (plan.credentialFields > 1) {
      return [
        toGraphqlError(
          commonErrors.BAD_USER_INPUT({
            message: 'A document may hold one field that takes credentials, once.',
          }),
        ),
      ];
    }
    if (plan.credentialFields === 1 && context.http.credentialVerdict !== 'allowed') {
      return [
        toGraphqlError(httpErrors.CSRF_REJECTED({ extensions: { reason: context.http.credentialVerdict } })),
      ];
    }
    return prepared.sites.flatMap((site) => refuseSite(site, variables, context, this.built));
  }

  private async run(
    prepared: Prepared,
    form: Form,
    request: ExecutionRequest,
    coerced: Record<string, unknown>,
  ): Promise<ExecutionResult> {
    const { operation } = prepared.plan;
    // The compiler makes streams of subscriptions; here each event is an execution.
    const isCompiled = this.options.compile && operation.operation !== 'subscription';
    const compiled = isCompiled ? prepared.compiled.use(form) : null;
    if (compiled) return withGenuineErrors(await compiled.query(undefined, request.context, coerced));
    return execute({
      schema: form === 'open' ? this.built.open : this.built.guarded,
      document: request.document,
      contextValue: request.context,
      variableValues: request.variables,
      operationName: operation.name?.value,
    });
  }
}

function unknownOperation(): GraphQLError {
  return new GraphQLError(
    'The document has no operation of that name. Send `operationName` of one of its operations.',
    {
      extensions: { code: 'OPERATION_RESOLUTION_FAILURE', http: { status: 400 } },
    },
  );
}

/** Whether a rule can refuse what is given there. */
function isRuled(site: ArgumentSite, { rules }: BuiltSchema): boolean {
  const { mutation, args, isMutation } = site;
  if (mutation !== null) return true;
  if (args !== null) return givenPlaces(rules.inputs, givenAt(site, args, {}), isMutation).length > 0;
  // What variables hold is not known yet; inside a scalar there are no places.
  return (site.node.arguments ?? []).some(({ name: { value: name } }) => {
    const type = site.field.args.find((argument) => argument.name === name)?.type;
    return rules.inputs.has(`${site.coordinate}(${name}:)`) || !type || !isScalarType(getNamedType(type));
  });
}

function refuseSite(
  site: ArgumentSite,
  variables: Record<string, unknown>,
  context: RequestContext,
  built: BuiltSchema,
): GraphQLError[] {
  const args = site.args ?? getArgumentValues(site.field, site.node, variables);
  const path = site.isMutation ? [site.node.alias?.value ?? site.node.name.value] : undefined;
  const refused = site.mutation ? checkMutation(context.gate, context, site.mutation, args) : null;
  if (refused) return [toGraphqlError(refused, path)];
  const given = givenAt(site, args, variables);
  const { lookUps } = context.gate;
  const now = context.clock.now();
  const refusals = checkInputs(context, built.rules.inputs, given, site.isMutation, now, lookUps);
  return refusals.map(({ error }) => toGraphqlError(error, path));
}

function givenAt(
  site: ArgumentSite,
  args: Readonly<Record<string, unknown>>,
  variables: Readonly<Record<string, unknown>>,
): GivenArgument[] {
  return (site.node.arguments ?? []).flatMap((node): GivenArgument[] => {
    const definition = site.field.args.find((argument) => argument.name === node.name.value);
    // A variable that the caller did not give counts as an omitted argument; its default in the document as a given one.
    const isGiven = node.value.kind !== 'Variable' || node.value.name.value in variables;
    if (!definition || !isGiven) return [];
    const coordinate = `${site.coordinate}(${definition.name}:)`;
    return [{ coordinate, type: definition.type, value: args[definition.name], siblings: args }];
  });
}

function withDenials(result: ExecutionResult, context: RequestContext): ExecutionResult {
  const { denials } = context.gate;
  if (denials.entries.size === 0 && denials.masked.size === 0) return result;
  const errors = [...(result.errors ?? []), ...denialErrors(denials)];
  const masked = [...denials.masked].sort();
  return {
    ...result,
    ...(errors.length > 0 ? { errors } : {}),
    ...(masked.length > 0 ? { extensions: { ...result.extensions, masked } } : {}),
  };
}

function withWarnings(result: ExecutionResult, context: RequestContext): ExecutionResult {
  const warnings = warningsOf(context);
  return warnings.length === 0 ? result : { ...result, extensions: { ...result.extensions, warnings } };
}
