import { decideAuth } from '#src/access/decide';
import { anonymous, holds, principal, type PrincipalFields } from '#src/access/principal';

const caller = (fields: Partial<PrincipalFields>) =>
  principal({
    kind: 'user',
    userId: 'auth0|ada',
    subject: 'auth0|ada',
    sessionId: null,
    organizationId: null,
    permissions: [],
    roles: [],
    acr: null,
    authenticatedAt: null,
    ...fields,
  });
const machine = (permissions: readonly string[]) =>
  caller({ kind: 'machine', userId: null, subject: 'machine', permissions });

describe('permissions over the own account', () => {
  it.each<readonly [string, ReturnType<typeof caller>, string, boolean]>([
    ['a user', caller({}), 'read:me:factors', true],
    ['a user', caller({}), 'delete:me', true],
    ['a user', caller({}), 'read:users', false],
    ['a user', caller({}), 'read:members', false],
    ['a user whose token is limited to it', caller({ limitedTo: new Set(['delete:me']) }), 'delete:me', true],
    [
      'a user whose token is limited to others',
      caller({ limitedTo: new Set(['delete:me']) }),
      'read:me:factors',
      false,
    ],
    ['a user whose token is limited to nothing', caller({ limitedTo: new Set() }), 'delete:me', false],
    ['a machine', machine([]), 'read:me:factors', false],
    ['nobody', anonymous, 'read:me:factors', false],
  ])('%s %#', (_who, who, permission, isHeld) => {
    expect(holds(who, permission)).toBe(isHeld);
    const { decision } = decideAuth(who, { permissions: [[permission]] }, undefined, 0);
    expect(decision).toBe(isHeld ? 'ALLOW' : 'DENY');
  });

  it('make callers with other limits differ, for whom decisions are kept apart', () => {
    const classes = [null, new Set<string>(), new Set(['delete:me']), new Set(['read:users'])].map(
      (limitedTo) => caller({ limitedTo }).accessClass,
    );
    expect(classes[1]).toBe(classes[3]);
    expect(new Set(classes).size).toBe(3);
  });
});
