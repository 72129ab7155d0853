import type { AccessRule } from '#src/access/rule';
import { requiredPermissions } from '#src/access/denial-log';

const field = (...rules: AccessRule[]) => ({ index: 0, coordinate: 'User.email', rules });
const byDirective = { decision: 'DENY', reason: 'directive' } as const;
const asks = (...permissions: string[][]): AccessRule => ({ auth: { permissions } });

test.each([
  ['one list', [asks(['a', 'b'])], [['a', 'b']]],
  ['alternatives', [asks(['a'], ['b'])], [['a'], ['b']]],
  [
    'type and field, of which both must allow',
    [asks(['a'], ['b']), asks(['b', 'c'])],
    [
      ['a', 'b', 'c'],
      ['b', 'c'],
    ],
  ],
  ['a rule without permissions', [{ auth: {} }, asks(['a'])], [['a']]],
])('what opens a field is told: %s', (_name, rules, lists) => {
  expect(requiredPermissions(field(...rules), byDirective)).toEqual(lists);
});

test('nothing is told where no permission opens it', () => {
  expect(requiredPermissions(field({ auth: {} }), byDirective)).toBeUndefined();
  for (const reason of ['rule', 'no-allow-rule', 'unavailable'] as const)
    expect(requiredPermissions(field(asks(['a'])), { decision: 'DENY', reason })).toBeUndefined();
});
