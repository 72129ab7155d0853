import { depthBelow, namePartsOf } from '#src/features/providers/ldap/directory-name';

const base = 'dc=corp,dc=example';

test.each([
  ['cn=ada,ou=people,dc=corp,dc=example', 2],
  ['CN=Ada, OU=People , DC=Corp,DC=example', 2],
  ['cn=ada\\,ou=admins,dc=corp,dc=example', 1],
  ['cn=ada+uid=1,dc=corp,dc=example', 1],
  ['dc=corp,dc=example', null],
  ['cn=ada,dc=evilcorp,dc=example', null],
  // The text ends like the base, the name does not.
  ['cn=eve\\,dc=corp,dc=example', null],
  ['cn=eve\\2cdc=corp,dc=example', null],
  ['cn=eve,dc=corp,dc=example,dc=evil', null],
  ['nonsense', null],
  ['', null],
])('LDP-03 %s lies %s below the base', (dn, depth) => {
  expect(depthBelow(dn, base)).toBe(depth);
});

test('LDP-03 one name is written in many ways', () => {
  expect(namePartsOf('cn=L\\c3\\a9a  B\\20,o=x')).toEqual(namePartsOf('CN=Léa b\\ , O=X'));
  expect(namePartsOf('a=1+b=2,o=x')).toEqual(namePartsOf('b=2+a=1,o=x'));
  expect(namePartsOf('cn=#x,o=x')).not.toEqual(namePartsOf('cn=x,o=x'));
});
