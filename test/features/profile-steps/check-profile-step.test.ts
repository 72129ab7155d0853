/**
 * @jest-environment node
 */
import { checkProfileStep } from '#src/features/profile-steps/check-profile-step';
import { declareUserAttributes } from '#test/features/search/support/calls';

declareUserAttributes();

const draft = { key: 'company', attribute: 'company', label: 'Company' };
const ids = (count: number): string[] => Array.from({ length: count }, (_, index) => `id_${index}`);

it.each(['roleIds', 'organizationIds', 'applicationIds'] as const)(
  '%s takes fifty ids, each once, and no more',
  (field) => {
    expect(checkProfileStep(draft)).toMatchObject({ [field]: [] });
    expect(checkProfileStep({ ...draft, [field]: [...ids(50), 'id_0'] })).toMatchObject({ [field]: ids(50) });
    for (const wrong of [ids(51), ['x'.repeat(256)]])
      expect(() => checkProfileStep({ ...draft, [field]: wrong })).toThrow(
        expect.objectContaining({ code: 'INVALID_PROFILE_STEP', extensions: { field } }) as Error,
      );
  },
);

const foreign = ['email', 'username', 'phone_number', 'blocked', 'app_metadata.plan', 'identities', 'name.x'];
const refused: [what: string, change: object, code: string][] = [
  ...foreign.map((attribute): [string, object, string] => [attribute, { attribute }, 'INVALID_PROFILE_STEP']),
  ['a whole store', { attribute: 'user_metadata' }, 'INVALID_PROFILE_STEP'],
  ['a hostile key', { attribute: 'user_metadata.__proto__.a' }, 'INVALID_METADATA_KEY'],
  ['a key of the step in capitals', { key: 'Y z' }, 'INVALID_PROFILE_STEP'],
  [
    'a pattern with a look-ahead',
    { validator: { type: 'string', pattern: '(?=a)' } },
    'INVALID_METADATA_SCHEMA',
  ],
];
it.each(refused)('cannot be asked for: %s', (_what, change, code) => {
  expect(() => checkProfileStep({ ...draft, ...change })).toThrow(expect.objectContaining({ code }) as Error);
});
