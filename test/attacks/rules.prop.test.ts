import fc from 'fast-check';
import type { AttributeRule } from '#src/access/policy';
import { AttributeRuleEntity } from '#src/features/attribute-rules/attribute-rule.entity';
import { BlacklistEntryEntity } from '#src/features/attribute-rules/blacklist-entry.entity';
import { raisePolicyVersion } from '#src/features/attribute-rules/policy.repository';
import { startTestApp, type TestApp } from '#test/support/app';
import { eachDatabase } from '#test/support/databases';
import { insertDelegatedSessions, insertPeople } from '#test/attacks/reference/people';
import { Reference } from '#test/attacks/reference/plain-answers';
import { AnyOrder, type PlainAnswer } from '#test/attacks/reference/plain-shapes';
import { randomOperation } from '#test/attacks/reference/plain-operations';
import { anyHash, type PlainPolicy } from '#test/attacks/reference/plain-policy';
import { printOperation } from '#test/attacks/reference/print-operation';
import { randomCaller, randomPolicy, type TokenCaller } from '#test/attacks/reference/random-policy';

/** How many cases: see `docs/developing.md` for the long run. A failure prints its seed and path. */
const cases = Number(process.env['GATEHOUSE_TEST_CASES'] ?? 150);
const milliseconds = 60_000 + cases * 300;

eachDatabase('random rules, callers and operations', (database) => {
  let product: TestApp;
  let delegated: ReadonlyMap<string, string>;
  const tokens = new Map<string, Promise<string>>();

  beforeAll(async () => {
    // The limits of operations have tests of their own.
    const limits = { GATEHOUSE_GRAPHQL_MAX_ALIASES: '1000', GATEHOUSE_GRAPHQL_MAX_ALIASES_ANONYMOUS: '1000' };
    product = await startTestApp(database, { environment: limits });
    await insertPeople(product);
    delegated = await insertDelegatedSessions(product);
  });
  afterAll(() => product.close());

  test(
    `${cases} random operations are answered as the reference answers them`,
    async () => {
      await fc.assert(
        fc.asyncProperty(randomPolicy, randomCaller, randomOperation, async (policy, caller, operation) => {
          await install(policy);
          const query = printOperation(operation);
          const expected = Reference.answer(policy, caller, operation);
          // The second answer is that of the compiled operation, taken on the short way.
          for (let run = 0; run < 2; run += 1) {
            expect({ query, ...(await ask(query, caller, expected)) }).toEqual({
              query,
              ...settled(expected),
            });
          }
        }),
        { numRuns: cases },
      );
    },
    milliseconds,
  );

  /** Rows are written as the service writes them; everything else of a change is tested where the service is. */
  const install = async ({ rules, blacklist }: PlainPolicy): Promise<void> => {
    const { storage, platform } = product.app;
    await storage.open().transaction(async (store) => {
      await store.delete(AttributeRuleEntity, { createdBy: 'test' });
      await store.delete(BlacklistEntryEntity, { createdBy: 'test' });
      const of = { enabled: true, version: 1, createdBy: 'test', createdAt: 1, updatedAt: 1 };
      const rows = rules.map((rule, index) => ({
        ...(rule as AttributeRule),
        ...of,
        id: `atr_${String(index).padStart(16, '0')}`,
        name: 'x',
      }));
      if (rows.length > 0) await store.insert(AttributeRuleEntity, rows);
      if (blacklist.length > 0)
        await store.insert(
          BlacklistEntryEntity,
          blacklist.map((entry) => ({ ...entry, createdAt: 1, createdBy: 'test' })),
        );
      await raisePolicyVersion(store);
    });
    await platform.policies.refresh();
  };

  const tokenOf = (caller: TokenCaller): Promise<string> => {
    const { subject, organizationId, bound, roles, isActedFor = false } = caller;
    const sessionId = isActedFor ? delegated.get(subject) : undefined;
    const key = JSON.stringify([
      ...[subject, organizationId, bound, isActedFor],
      caller.kind === 'machine' ? roles : [],
    ]);
    const { issueToken } = product.app.product;
    const made =
      tokens.get(key) ??
      issueToken({
        subject,
        clientId: caller.kind === 'machine' ? subject : 'test',
        permissions: bound,
        roles: caller.kind === 'machine' ? roles : 'all',
        lifetimeSeconds: 3600,
        ...(organizationId === null ? {} : { organizationId }),
        ...(sessionId === undefined ? {} : { sessionId }),
      }).then(({ token }) => token);
    tokens.set(key, made);
    return made;
  };

  const ask = async (query: string, caller: TokenCaller, expected: PlainAnswer): Promise<object> => {
    const token = caller.kind === 'anonymous' ? {} : { token: await tokenOf(caller) };
    const { data, errors, extensions: more } = await product.ask(query, token);
    const refusals = errors.filter(({ extensions }) => extensions['coordinate'] !== undefined);
    const isAnonymous = caller.kind === 'anonymous';
    expect(
      refusals.every(
        ({ extensions }) => extensions.code === (isAnonymous ? 'UNAUTHENTICATED' : 'FORBIDDEN_FIELD'),
      ),
    ).toBe(true);
    return {
      data: alike(expected.data, data),
      refused: Object.fromEntries(
        refusals.map(({ extensions }) => [extensions['coordinate'], extensions['count'] ?? 1]),
      ),
      codes: [
        ...new Set(
          errors.filter((error) => !refusals.includes(error)).map(({ extensions }) => extensions.code),
        ),
      ],
      masked: more?.['masked'] ?? [],
    };
  };
});

const sorted = (items: readonly unknown[]): unknown[] =>
  [...items].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));

/** The actual value with what the reference cannot know replaced by the reference's own word for it, where it has that form. */
function alike(expected: unknown, actual: unknown): unknown {
  if (expected === anyHash)
    return typeof actual === 'string' && /^[\w-]{43}$/.test(actual) ? anyHash : actual;
  if (expected instanceof AnyOrder) return Array.isArray(actual) ? sorted(actual) : actual;
  if (Array.isArray(expected))
    return Array.isArray(actual) ? actual.map((item, index) => alike(expected[index], item)) : actual;
  if (expected === null || typeof expected !== 'object' || actual === null || typeof actual !== 'object')
    return actual;
  return Object.fromEntries(
    Object.entries(actual).map(([key, item]) => [
      key,
      alike((expected as Record<string, unknown>)[key], item),
    ]),
  );
}

function settled(expected: PlainAnswer): object {
  const plain = (value: unknown): unknown => {
    if (value === anyHash) return value;
    if (value instanceof AnyOrder) return sorted(value.items);
    if (Array.isArray(value)) return value.map(plain);
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
  };
  return { ...expected, data: plain(expected.data) };
}
