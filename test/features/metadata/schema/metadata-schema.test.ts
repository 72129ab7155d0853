import { checkMetadataSchema } from '#src/features/metadata/schema/check-metadata-schema';
import { closed, compileSchema } from '#src/features/metadata/schema/compile-schema';

const object = (properties: object, more: object = {}): Record<string, unknown> => ({
  type: 'object',
  properties,
  ...more,
});

let deep: object = { type: 'string' };
for (let level = 0; level < 20; level += 1) deep = { type: 'object', properties: { a: deep } };

const refused: readonly [string, unknown][] = [
  ['no object', 'text'],
  ['another type at the top', { type: 'array' }],
  ['a reference', object({ a: { $ref: 'https://example.com/schema.json' } })],
  ['a reference into itself', object({ a: { $ref: '#' } })],
  ['definitions', object({}, { $defs: {} })],
  ['an identifier', object({}, { $id: 'https://example.com' })],
  ['patternProperties', object({}, { patternProperties: { '(a+)+': {} } })],
  ['an unknown keyword', object({ a: { typo: 1 } })],
  ['an unknown type', object({ a: { type: 'text' } })],
  ['a pattern with a look-around', object({ a: { type: 'string', pattern: '(?=x)' } })],
  ['an unknown format', object({ a: { type: 'string', format: 'regex' } })],
  ['unique items without a limit', object({ a: { type: 'array', uniqueItems: true } })],
  ['a key with a dot', object({ 'a.b': {} })],
  ['too many levels', deep],
  ['too many properties', object(Object.fromEntries(Array.from({ length: 1001 }, (_, i) => [`k${i}`, {}])))],
  ['too many bytes', object({ a: { description: 'x'.repeat(70_000) } })],
  ['rules at the top', object({}, { gatehouse: { searchable: false } })],
  ['rules inside a condition', object({ a: { anyOf: [{ gatehouse: { readRoles: ['x'] } }] } })],
  ['rules at items', object({ a: { type: 'array', items: { gatehouse: { searchable: false } } } })],
  ['an unknown rule', object({ a: { gatehouse: { readers: [] } } })],
  ['roles that are no names', object({ a: { gatehouse: { readRoles: [1] } } })],
  ['unique numbers', object({ a: { type: 'number', gatehouse: { unique: true } } })],
  ['unique texts of any length', object({ a: { type: 'string', gatehouse: { unique: true } } })],
  [
    'unique values outside the index',
    object({ a: { type: 'integer', gatehouse: { unique: true, searchable: false } } }),
  ],
  ['a limit that is no number', object({ a: { type: 'string', maxLength: 'x' } })],
];

describe('a metadata schema', () => {
  it.each(refused)('is refused with %s', (_title, schema) => {
    const save = (): void => {
      checkMetadataSchema(schema);
      compileSchema(schema as Record<string, unknown>);
    };
    expect(save).toThrow(expect.objectContaining({ code: 'INVALID_METADATA_SCHEMA' }) as Error);
  });

  it('declares its paths, lists looked through', () => {
    const found = checkMetadataSchema(
      object({
        plan: { type: 'string', gatehouse: { writeRoles: ['Billing'] } },
        pets: {
          type: 'array',
          items: object({ name: { type: 'string', gatehouse: { searchable: false } } }),
        },
      }),
    );
    expect(Object.fromEntries(found)).toEqual({
      plan: { writeRoles: ['Billing'] },
      pets: {},
      'pets.name': { searchable: false },
    });
  });

  it('says what is wrong by path and rule, without the value', () => {
    const validate = compileSchema(
      object(
        { age: { type: 'integer' }, 'a/b': { type: 'string', maxLength: 2 }, 7: { enum: ['x'] } },
        { required: ['name'] },
      ),
    );
    const violations = validate({ age: 'secret-1', 'a/b': 'secret-2', 7: 'secret-3' });
    expect(violations.map(({ path, keyword }) => [path, keyword]).sort()).toEqual([
      ['7', 'enum'],
      ['a/b', 'maxLength'],
      ['age', 'type'],
      ['name', 'required'],
    ]);
    expect(JSON.stringify(violations)).not.toContain('secret');
  });

  it('does not take what every object inherits for a member', () => {
    const validate = compileSchema(object({ toString: { type: 'string' } }, { required: ['valueOf'] }));
    expect(validate({}).map(({ path, keyword }) => [path, keyword])).toEqual([['valueOf', 'required']]);
  });

  it('closes every object that declares properties, and no other', () => {
    const schema = closed(object({ a: object({ b: {} }), free: { type: 'object' } }));
    expect(
      compileSchema(schema)({ a: { b: 1, c: 1 }, free: { x: 1 }, d: 1 })
        .map(({ path }) => path)
        .sort(),
    ).toEqual(['a.c', 'd']);
  });

  it('quotes hostile names in the code that is generated', () => {
    const name = '"]; globalThis.leaked = 1; //\\u0022`${1}';
    compileSchema(object({ [name]: { type: 'string', description: name } }))({ [name]: 1 });
    expect((globalThis as { leaked?: unknown }).leaked).toBeUndefined();
  });
});
