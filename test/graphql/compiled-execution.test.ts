/**
 * @jest-environment node
 */
import {
  getIntrospectionQuery,
  getOperationAST,
  parse,
  validate,
  type ExecutionResult,
  type OperationDefinitionNode,
} from 'graphql';
import { kitchenSink } from '#test/graphql/kitchen-sink';
import { anonymous } from '#src/access/principal';
import { GateKeeper } from '#src/access/gate';
import type { BuiltSchema } from '#src/graphql/build-schema';
import { Executor } from '#src/graphql/executor';
import type { RequestContext } from '#src/graphql/request-context';
import { systemClock } from '#src/shared/clock';
import { openPolicy } from '#test/graphql/sample';

const schema = kitchenSink();
const built: BuiltSchema = {
  open: schema,
  guarded: schema,
  sdl: '',
  rules: { guarded: new Map(), inputs: new Map(), fields: new Map() },
};
const limits = { maxDepth: 50, maxAliases: 50, maxDirectives: 50, maxRootFields: 50, maxCost: 1e9 };

async function answers(
  query: string,
  variables: Record<string, unknown>,
  compile: boolean,
): Promise<ExecutionResult> {
  const document = parse(query);
  expect(validate(schema, document)).toEqual([]);
  const executor = new Executor(built, { limits, anonymousLimits: limits, defaultPageSize: 50, compile });
  const operation = getOperationAST(document) as OperationDefinitionNode;
  const keeper = new GateKeeper(built.rules, systemClock, Buffer.alloc(32));
  const request = { principal: anonymous, policy: openPolicy };
  const context = {
    ...request,
    clock: systemClock,
    http: {},
    gate: keeper.gateFor(request, () => never()),
  } as unknown as RequestContext;
  const isMutation = operation.operation === 'mutation';
  // The second execution of a document is the compiled one; a mutation must not run twice to be compared.
  if (!isMutation) await executor.execute({ document, operation, variables, context });
  return executor.execute({ document, operation, variables, context });
}

function never(): never {
  throw new Error('no facts are needed here');
}

/**
 * What callers can tell apart: data with the order of keys, and errors by message and place. Their order is free, and of several
 * errors that null the same list the specification asks for one (6.4.4), so positions in lists are not compared.
 */
function comparable(result: ExecutionResult): unknown {
  const place = (path: readonly (string | number)[] | undefined): unknown =>
    path?.map((key) => (typeof key === 'number' ? '*' : key)) ?? null;
  const errors = new Set(
    (result.errors ?? []).map((error) => JSON.stringify([error.message, place(error.path)])),
  );
  return { data: JSON.stringify(result.data ?? null), errors: [...errors].sort() };
}

const corpus: [string, string, Record<string, unknown>?][] = [
  ['scalars as literals', '{ echo(int: 1, float: 1.5, text: "t", flag: true, id: 7, color: RED) }'],
  [
    'scalars as variables',
    'query ($i: Int, $f: Float, $t: String, $b: Boolean, $d: ID) { echo(int: $i, float: $f, text: $t, flag: $b, id: $d) }',
    { i: 1, f: 2, t: 't', b: false, d: 9 },
  ],
  ['omitted variables are omitted arguments', 'query ($i: Int, $t: String) { echo(int: $i, text: $t) }', {}],
  ['explicit null', 'query ($t: String) { echo(text: $t, int: null) }', { t: null }],
  ['variable defaults', 'query ($i: Int = 5, $c: Color = GREEN) { echo(int: $i, color: $c) }', {}],
  ['null beats a default', 'query ($i: Int = 5) { echo(int: $i) }', { i: null }],
  ['argument defaults', '{ withDefault }'],
  [
    'a single value becomes a list',
    'query ($c: [Color!]) { a: echo(colors: $c) b: echo(colors: GREEN) }',
    { c: 'RED' },
  ],
  [
    'input objects with defaults',
    'query ($p: Point) { echo(point: $p) }',
    { p: { x: 1, inner: { x: 2, y: 3, tags: 'one' } } },
  ],
  [
    'input object literals holding variables',
    'query ($x: Int!, $c: Color) { echo(point: { x: $x, color: $c, inner: { x: $x } }) }',
    { x: 4 },
  ],
  ['lists of inputs', 'query ($p: [Point!]) { echo(points: $p) }', { p: [{ x: 1 }, { x: 2, upper: 'Abc' }] }],
  ['custom scalars', 'query ($u: Upper) { a: echo(upper: $u) b: echo(upper: "DEF") }', { u: 'GHI' }],
  ['@oneOf by literal', '{ a: echo(key: { id: "1" }) b: echo(key: { point: { x: 1 } }) }'],
  ['@oneOf by variable', 'query ($k: Key) { echo(key: $k) }', { k: { name: 'n' } }],
  ['@oneOf with two keys', 'query ($k: Key) { echo(key: $k) }', { k: { name: 'n', id: '1' } }],
  ['@oneOf with a null', 'query ($k: Key) { echo(key: $k) }', { k: { name: null } }],
  ['@oneOf, variable inside', 'query ($n: String!) { echo(key: { name: $n }) }', { n: 'n' }],
  ['wrong int', 'query ($i: Int) { echo(int: $i) }', { i: 'x' }],
  ['int out of range', 'query ($i: Int) { echo(int: $i) }', { i: 3_000_000_000 }],
  ['wrong enum', 'query ($c: Color) { echo(color: $c) }', { c: 'BLUE' }],
  ['missing required', 'query ($p: Point) { echo(point: $p) }', { p: { y: 1 } }],
  ['unknown input field', 'query ($p: Point) { echo(point: $p) }', { p: { x: 1, z: 1 } }],
  [
    '__proto__ as input field',
    'query ($p: Point) { echo(point: $p) }',
    JSON.parse('{"p":{"x":1,"__proto__":{"y":2}}}') as Record<string, unknown>,
  ],
  ['bad custom scalar', 'query ($u: Upper) { echo(upper: $u) }', { u: 5 }],
  ['aliases and merged fields', '{ a: leaf { text } b: leaf { text t: text } a: leaf { maybe } }'],
  [
    'fragments',
    '{ leaf { ...F } sureLeaf { ...F ... on Leaf { list } ... { holes } } } fragment F on Leaf { text nested }',
  ],
  [
    'fragments on interfaces and unions',
    '{ shapes { __typename id ... on Circle { radius } ... on Square { side } ...S } things { __typename ... on Shape { id } ... on Leaf { text } } } fragment S on Shape { area }',
  ],
  [
    '@include and @skip on fields',
    'query ($y: Boolean!, $n: Boolean!) { leaf { text @include(if: $y) list @include(if: $n) holes @skip(if: $y) nested @skip(if: $n) } }',
    { y: true, n: false },
  ],
  [
    '@include on spreads',
    'query ($y: Boolean!) { leaf { ...F @include(if: $y) ... on Leaf @skip(if: $y) { list } ... @include(if: $y) { maybe } } } fragment F on Leaf { text }',
    { y: true },
  ],
  [
    '@include on nested spreads, off',
    'query ($y: Boolean!) { leaf { ...F @include(if: $y) text } } fragment F on Leaf { text list ...G } fragment G on Leaf { holes }',
    { y: false },
  ],
  [
    'the same field with and without a condition',
    'query ($y: Boolean!) { leaf { text @include(if: $y) } leaf { text list @skip(if: true) } }',
    { y: false },
  ],
  [
    'both directives',
    'query ($y: Boolean!) { leaf { a: text @include(if: $y) @skip(if: $y) b: text @include(if: true) @skip(if: false) } }',
    { y: true },
  ],
  ['__typename everywhere', '{ __typename leaf { __typename } shapes { __typename } }'],
  ['empty and missing', '{ empty { text } nothing { text boom } }'],
  ['null propagation to a nullable parent', '{ leaf { text boom } }'],
  ['null propagation in lists', '{ leaves { text boom } maybeLeaves { boom } }'],
  ['null propagation to the root', '{ leaf { text } sureLeaf { boom } }'],
  ['asynchronous fields', '{ leaf { later text } asyncLeaves { later } }'],
  ['asynchronous errors', '{ leaf { lateBoom } leaves { lateBoom } }'],
  ['asynchronous errors to the root', '{ asyncLeaves { later lateBoom } }'],
  ['values that do not serialise', '{ badInt badEnum leaf { upper color } }'],
  ['enum values that are kept as other words', '{ leaf { ending endings } leaves { ending noEnding } }'],
  ['introspection', getIntrospectionQuery({ oneOf: true, inputValueDeprecation: true })],
  [
    '__type',
    '{ __type(name: "Point") { name inputFields { name defaultValue type { kind name ofType { name } } } } none: __type(name: "X") { name } }',
  ],
];

test.each(corpus)('compiled and interpreted execution agree: %s', async (_title, query, variables = {}) => {
  const compiled = comparable(await answers(query, variables, true));
  expect(compiled).toEqual(comparable(await answers(query, variables, false)));
});

test('mutations run one after another, and a failing one does not stop the next', async () => {
  const query = 'mutation { a: add(n: 1) b: fail(n: 1) c: add(n: 2) }';
  const document = parse(query);
  const operation = getOperationAST(document) as OperationDefinitionNode;
  const executor = new Executor(built, {
    limits,
    anonymousLimits: limits,
    defaultPageSize: 50,
    compile: true,
  });
  const keeper = new GateKeeper(built.rules, systemClock, Buffer.alloc(32));
  const request = { principal: anonymous, policy: openPolicy };
  const context = {
    ...request,
    clock: systemClock,
    http: {},
    gate: keeper.gateFor(request, () => never()),
  } as unknown as RequestContext;
  const execute = () => executor.execute({ document, operation, variables: {}, context });
  const [first, second] = [await execute(), await execute()];
  expect(first.data).toEqual({ a: 1, b: null, c: 3 });
  expect(second.data).toEqual({ a: 4, b: null, c: 6 });
  expect(second.errors?.map((error) => error.path)).toEqual([['b']]);
});

test('an error that nobody expected looks to Apollo Server as one of graphql-js does', async () => {
  const json = async (compile: boolean): Promise<unknown> => {
    const { errors = [] } = await answers('{ leaf { boom } }', {}, compile);
    return errors.map((error) => ({
      ...error.toJSON(),
      extensions: error.extensions,
      cause: error.originalError,
    }));
  };
  const interpreted = await json(false);
  expect(interpreted).toEqual([expect.objectContaining({ extensions: {}, path: ['leaf', 'boom'] })]);
  expect(await json(true)).toEqual(interpreted);
});
