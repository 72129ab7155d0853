import {
  allOff,
  decideAuthorization,
  type AuthorizationSwitches,
} from '#src/features/groups/authorization/authorization-switches';
import { authorizationClaims } from '#src/features/groups/authorization/token-claims';
import { assertedNames } from '#src/features/connections/mapping/asserted-names';
import { computeClosure } from '#src/features/groups/nesting/compute-closure';
import { pathsUp } from '#src/features/groups/nesting/cycle-path';

const own = { groups: ['ours', 'shared'], roles: ['Editor'], permissions: ['read:x', 'write:x'] };
const kinds = ['groups', 'roles', 'permissions'] as const;
type Kind = (typeof kinds)[number];

/** What the provider says of one kind: nothing, something of its own, something that we say too. */
const saidOf: Readonly<Record<string, Record<Kind, readonly string[]>>> = {
  nothing: { groups: [], roles: [], permissions: [] },
  'its own': { groups: ['theirs'], roles: ['Guest'], permissions: ['read:y'] },
  'the same and its own': {
    groups: ['shared', 'theirs'],
    roles: ['Editor', 'Guest'],
    permissions: ['read:x', 'read:y'],
  },
};
const joined: Readonly<Record<Kind, readonly string[]>> = {
  groups: ['ours', 'shared', 'theirs'],
  roles: ['Editor', 'Guest'],
  permissions: ['read:x', 'read:y', 'write:x'],
};
const capital = (kind: string): string => kind.charAt(0).toUpperCase() + kind.slice(1);
const on = (...names: string[]): AuthorizationSwitches => ({
  ...allOff,
  ...Object.fromEntries(names.map((name) => [name, true])),
});

/** Nine switches by three provider values. */
const cases = kinds.flatMap((kind) =>
  Object.keys(saidOf).flatMap((said) => [
    { switches: [`${kind}InToken`], kind, said, token: own[kind], persisted: undefined },
    {
      switches: [`${kind}InToken`, `${kind}Passthrough`],
      kind,
      said,
      token: said === 'nothing' ? own[kind] : joined[kind],
      persisted: undefined,
    },
    {
      switches: [`persist${capital(kind)}`, `${kind}Passthrough`],
      kind,
      said,
      token: undefined,
      persisted: said === 'nothing' ? own[kind] : joined[kind],
    },
  ]),
);

test('3.3-6 has 27 cases', () => {
  expect(cases).toHaveLength(27);
});

test.each(cases)('3.3-6 $switches, the provider says $said', ({ switches, kind, said, token, persisted }) => {
  const decided = decideAuthorization(
    on(...switches),
    own,
    saidOf[said] as (typeof saidOf)[string] & typeof own,
  );
  expect(decided.token).toEqual(token === undefined ? {} : { [kind]: token });
  expect(decided.persisted).toEqual(persisted === undefined ? {} : { [kind]: persisted });
});

test('3.3-6 written without passthrough ours stand alone', () => {
  const decided = decideAuthorization(
    on('persistGroups', 'persistRoles', 'persistPermissions'),
    own,
    saidOf['its own'] as typeof own,
  );
  expect(decided).toEqual({ token: {}, persisted: own });
});

test.each([
  [
    ['a', 'b'],
    ['a', 'b'],
  ],
  ['a,b c', ['a', 'b', 'c']],
  [' a , a ', ['a']],
  ['', []],
  [null, []],
  [{ a: 1 }, []],
  [['a', 1, null, ' '], ['a']],
])('names of %j', (value, names) => {
  expect(assertedNames(value)).toEqual(names);
});

test('3.3-6 lists that no longer fit into a token are left out and said to be', () => {
  const many = Array.from({ length: 80 }, (_, at) => `group number ${at}`);
  expect(authorizationClaims({ groups: ['a'], permissions: many })).toEqual({
    'urn:gatehouse:groups': ['a'],
    'urn:gatehouse:permissions_omitted': true,
  });
  expect(authorizationClaims({})).toEqual({});
});

const edge = (parentId: string, childId: string) => ({ parentId, childId });

test('a closure holds the longest way between two groups, and a cycle is told', () => {
  const { pairs, cycle } = computeClosure(['a', 'b', 'c'], [edge('a', 'b'), edge('b', 'c'), edge('a', 'c')]);
  expect(cycle).toBeNull();
  expect(pairs.find((pair) => pair.ancestorId === 'a' && pair.descendantId === 'c')?.depth).toBe(2);
  expect(computeClosure(['a', 'b'], [edge('a', 'b'), edge('b', 'a')]).cycle).toEqual(['a', 'b', 'a']);
  const endless = Array.from({ length: 20_000 }, (_, at) => edge(String(at), String(at + 1)));
  expect(computeClosure(['20000', ...endless.map((each) => each.parentId)], endless, 20)).toMatchObject({
    depth: 21,
    pairs: [],
  });
});

test('of a lattice a hundred ways are told', () => {
  const layers = Array.from({ length: 12 }, (_, at) => [`${at}l`, `${at}r`]);
  const edges = layers
    .slice(1)
    .flatMap((layer, at) =>
      layer.flatMap((child) => (layers[at] as string[]).map((parent) => edge(parent, child))),
    );
  expect(pathsUp(edges, '11l', '0l')).toHaveLength(100);
});
