import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, getNamedType, isInputObjectType, isObjectType, type GraphQLSchema } from 'graphql';
import { printSchema } from '#src/app';

const committed = readFileSync(join(__dirname, '..', 'schema.graphql'), 'utf8');

test('schema.graphql is what the code declares; after a change run `npm run schema`', async () => {
  expect(await printSchema()).toBe(committed);
});

describe('the names of schema.graphql', () => {
  const schema: GraphQLSchema = buildSchema(committed, { assumeValidSDL: true });
  const mutations = Object.values(schema.getMutationType()?.getFields() ?? {});
  const typeName = (mutation: string): string => mutation.charAt(0).toUpperCase() + mutation.slice(1);

  /** They act on the caller alone and ask nothing: GraphQL has no input type without fields. */
  const withoutInput = [
    ...['cancelMyDeletion', 'createMyDataExport', 'deleteMe', 'revokeMyOtherSessions'],
    ...['startPasskeySignIn', 'stopImpersonation'],
  ];
  /** Everything in it can be left out, and so can the input itself. */
  const withOptionalInput = ['signOut'];

  it('every mutation has an input and a payload of its own name', () => {
    const expected = mutations.map(({ name }) => {
      const input = `input: ${typeName(name)}Input${withOptionalInput.includes(name) ? '' : '!'}`;
      return `${name}(${withoutInput.includes(name) ? '' : input}): ${typeName(name)}Payload!`;
    });
    const declared = mutations.map(
      ({ name, args, type }) =>
        `${name}(${args.map((arg) => `${arg.name}: ${String(arg.type)}`).join(', ')}): ${String(type)}`,
    );
    expect(declared).toEqual(expected);
  });

  it('no type is called an input or a payload of a mutation that there is not', () => {
    const payloads = Object.keys(schema.getTypeMap()).filter((name) => name.endsWith('Payload'));
    expect(payloads.sort()).toEqual(mutations.map(({ name }) => `${typeName(name)}Payload`).sort());
  });

  it('units are written alike: `…Seconds`, `…Days`, `…Ms`, and `ttlSec` for how long something is good', () => {
    const types = Object.values(schema.getTypeMap());
    const fields = types.filter(isObjectType).flatMap((type) => Object.values(type.getFields()));
    const members = [
      ...fields,
      ...fields.flatMap(({ args }) => args),
      ...types.filter(isInputObjectType).flatMap((type) => Object.values(type.getFields())),
    ];
    const numbers = members
      .filter(({ type }) => ['Int', 'Float'].includes(getNamedType(type).name))
      .map(({ name }) => name);
    const short = /(sec|second|secs|millis|milliseconds|msec|min|mins|minutes|hrs|day)$|ttl(?!Sec$)/i;
    expect(numbers).toContain('ttlSec');
    expect(numbers.filter((name) => short.test(name) && !/^(ttlSec|perDay|.*PerDay)$/.test(name))).toEqual(
      [],
    );
  });
});
