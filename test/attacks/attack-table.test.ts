import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildASTSchema, isInputObjectType, isInterfaceType, isObjectType, parse } from 'graphql';
import { printSchema } from '#src/app';
import { attacks, type Attack, type Pending } from '#test/attacks/attack-table';

const numbers = Array.from({ length: 39 }, (_item, index) => `B${String(index + 1).padStart(2, '0')}`);

/** The names of the tests of a file that speak of an attack. */
function namesIn(file: string, id: string): readonly string[] {
  const path = join(__dirname, '..', file);
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  return text.match(new RegExp(`(test|it|\\)|\\])\\(\\s*['"\`][^'"\`]*\\b${id}\\b[^'"\`]*`, 'g')) ?? [];
}

async function coordinates(): Promise<readonly string[]> {
  const schema = buildASTSchema(parse(await printSchema()), { assumeValid: true, assumeValidSDL: true });
  return Object.values(schema.getTypeMap()).flatMap((type) =>
    isObjectType(type) || isInterfaceType(type) || isInputObjectType(type)
      ? [type.name, ...Object.keys(type.getFields()).map((field) => `${type.name}.${field}`)]
      : [type.name],
  );
}

const entries: readonly [string, Attack][] = Object.entries(attacks);
const waiting: readonly [string, string, Pending][] = entries.flatMap(([id, { pending = [] }]) =>
  pending.map((part): [string, string, Pending] => [id, part.waitsFor, part]),
);

test('every attack is in the table, with a test or with what it waits for', () => {
  expect(Object.keys(attacks)).toEqual(numbers);
  for (const [id, { tests, pending = [] }] of entries)
    expect([id, tests.length + pending.length > 0]).toEqual([id, true]);
});

test.each(entries.flatMap(([id, { tests }]) => tests.map((file) => [id, file] as const)))(
  '%s has a test in %s',
  (id, file) => {
    expect(namesIn(file, id)).not.toEqual([]);
  },
);

let places: readonly string[];
beforeAll(async () => {
  places = await coordinates();
});

test.each(waiting)('%s still waits for %s', (id, waitsFor, part) => {
  const found = places.filter((coordinate) => part.coordinates.test(coordinate));
  // What it waited for is there: write the attack as a test, and take the part off the table.
  expect({ id, waitsFor, found }).toEqual({ id, waitsFor, found: [] });
});

test('what an attack waits for would be seen in the schema', () => {
  const made = ['Webhook.url', 'Upload'];
  for (const coordinate of made)
    expect([coordinate, waiting.some(([, , part]) => part.coordinates.test(coordinate))]).toEqual([
      coordinate,
      true,
    ]);
});
