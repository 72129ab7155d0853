/** @jest-environment node */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildASTSchema, parse, visit, type DocumentNode } from 'graphql';
import { collectSchemaRules } from '#src/access/schema-rules';
import { printSchema } from '#src/app';
import { DeclaredRules } from '#test/attacks/support/declared-rules';

const file = join(__dirname, 'rules.snapshot.json');

interface Rules {
  readonly public: readonly string[];
  readonly rules: Readonly<Record<string, string>>;
}

/** The inputs that the guard refuses because a stored rule could be evaded through them. */
function attributesLost(document: DocumentNode): string[] {
  const schema = buildASTSchema(document, { assumeValid: true, assumeValidSDL: true });
  const permissions = { has: () => true } as unknown as ReadonlySet<string>;
  try {
    collectSchemaRules(schema, { permissions, fileOf: () => 'x.input.ts' });
    return [];
  } catch (error) {
    return [...(error as Error).message.matchAll(/- (\S+) addresses the attribute/g)].map(
      ([, at]) => at ?? '',
    );
  }
}

/** With `jest -u` the file is written anew; each change of a rule is then seen in review. */
const isUpdate = (): boolean =>
  (expect.getState() as { snapshotState?: { _updateSnapshot?: string } }).snapshotState?._updateSnapshot ===
  'all';

describe('declared rules', () => {
  let declared: DeclaredRules;
  beforeAll(async () => {
    declared = new DeclaredRules(await printSchema());
  });

  test('B38 every rule of the schema is the one that was reviewed: npx jest test/attacks/declared-rules -u', () => {
    const sorted = Object.entries(declared.all()).sort(([a], [b]) => (a < b ? -1 : 1));
    const actual: Rules = { public: [...declared.publicFields()].sort(), rules: Object.fromEntries(sorted) };
    if (isUpdate()) writeFileSync(file, `${JSON.stringify(actual, null, 2)}\n`);
    const reviewed = JSON.parse(readFileSync(file, 'utf8')) as Rules;
    expect(actual.public).toEqual(reviewed.public);
    expect(actual.rules).toEqual(reviewed.rules);
  });

  test('B38 every field of every object type says who may read it, itself or by its type', () => {
    for (const type of declared.objectTypes()) {
      for (const { name, sets } of declared.fields(type.name.value)) {
        const says = sets
          .flat()
          .some((node) => ['public', 'auth', 'withParent', 'blacklisted'].includes(node.name.value));
        expect([`${type.name.value}.${name}`, says]).toEqual([`${type.name.value}.${name}`, true]);
      }
    }
  });

  test('B38 a directive that is taken off any place, or changed, is noticed', () => {
    const reviewed = (JSON.parse(readFileSync(file, 'utf8')) as Rules).rules;
    let removed = 0;
    for (const { left, part } of declared.eachWithoutOne()) {
      const places = Object.entries(reviewed).filter(([coordinate]) => part.has(coordinate));
      expect(left.all()).not.toEqual(Object.fromEntries(places));
      removed += 1;
    }
    expect(removed).toBeGreaterThanOrEqual(Object.keys(reviewed).length);
  });

  test('B38 a schema of which any field or input lost its rule does not start, and the refusal names each', async () => {
    const sdl = parse(await printSchema(), { noLocation: true });
    const without = (names: readonly string[]): string => {
      const left = visit(sdl, {
        Directive: ({ name }) => (names.includes(name.value) ? null : undefined),
      });
      const schema = buildASTSchema(left, { assumeValid: true, assumeValidSDL: true });
      try {
        collectSchemaRules(schema, { permissions: allNames, fileOf: () => 'x.type.ts' });
        return '';
      } catch (error) {
        return (error as Error).message;
      }
    };
    // Every permission is known here: only missing rules are the question.
    const allNames = { has: () => true } as unknown as ReadonlySet<string>;
    expect(without([])).toBe('');

    const bare = without(['public', 'auth', 'withParent', 'blacklisted', 'attribute']);
    const fields = declared
      .objectTypes()
      .flatMap((type) => declared.fields(type.name.value).map(({ name }) => `${type.name.value}.${name}`));
    expect(fields.length).toBeGreaterThan(1000);
    for (const coordinate of fields) expect(bare).toContain(`- ${coordinate} has no access rule.`);

    const evading = attributesLost(
      visit(sdl, {
        InputValueDefinition: (node) => ({
          ...node,
          directives: node.directives?.filter(({ name }) => name.value !== 'attribute') ?? [],
        }),
      }),
    );
    expect(evading).toEqual(
      expect.arrayContaining([
        'UserFilter.email',
        'UpdateUserInput.phoneNumber',
        'Query.usersByEmail(email:)',
      ]),
    );
    expect(evading.length).toBeGreaterThan(40);
  });

  test('B38 whatever filters, orders or writes an attribute is bound to it as its output field is', () => {
    const rules = declared.all();
    const attributeOf = (coordinate: string): string | undefined =>
      /@attribute\(path: "([^"]*)"\)/.exec(rules[coordinate] ?? '')?.[1];
    const outputs = new Map(
      declared.fields('User').flatMap(({ name }) => {
        const path = attributeOf(`User.${name}`);
        return path === undefined ? [] : [[name, path] as const];
      }),
    );
    const camel = (name: string): string =>
      name.toLowerCase().replace(/_(\w)/g, (_all, letter: string) => letter.toUpperCase());
    let compared = 0;
    for (const [coordinate] of Object.entries(rules)) {
      const [type = '', member = ''] = coordinate.split('.');
      if (!/^(UserFilter|UserSortField|UserUniqueInput|CreateUserInput|UpdateUserInput)$/.test(type))
        continue;
      const path = outputs.get(type === 'UserSortField' ? camel(member) : member);
      if (path === undefined) continue;
      expect([coordinate, attributeOf(coordinate)]).toEqual([coordinate, path]);
      compared += 1;
    }
    expect(compared).toBeGreaterThan(40);
  });
});
