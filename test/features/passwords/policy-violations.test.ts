import { passwordsSection } from '#src/config/passwords';
import { loadConfig } from '#src/config/load-config';
import { policyOf, type PasswordPolicy } from '#src/features/passwords/policy/password-policy';
import { violationsOf } from '#src/features/passwords/policy/policy-violations';

const defaults = policyOf(loadConfig({ environment: {} }).passwords, {});
const words = ['jane.roe', 'jroe', 'Jane Roe-Miller', null, undefined];
const names = ['acme', 'Harbor School', 'abc', null];
const person = { words, names };

const cases: readonly [string, Partial<PasswordPolicy>, string, readonly string[]][] = [
  ['eleven characters', {}, 'plum-orchid', ['TOO_SHORT']],
  ['twelve characters', {}, 'plum-orchids', []],
  ['256 characters', {}, 'ab-cd.'.repeat(42) + 'wxyz', []],
  ['257 characters', {}, 'ab-cd.'.repeat(42) + 'wxyz!', ['TOO_LONG']],
  ['an emoji as one character', { minLength: 8 }, '🦊🌲🦉 fox', ['TOO_SHORT']],
  ['two kinds where three are asked for', { classes: 3 }, 'orchid-plumage', ['TOO_FEW_CLASSES']],
  ['three kinds', { classes: 3 }, 'Orchid-plumage', []],
  ['letters beyond ASCII as kinds', { classes: 4 }, 'Ødegård-flyr-9', []],
  ['a sequence upwards', { noSequential: true }, 'orchid-789-plum', ['SEQUENTIAL']],
  ['a sequence downwards, in any case', { noSequential: true }, 'orchid-Cba-plum', ['SEQUENTIAL']],
  ['no sequence', { noSequential: true }, 'orchid-135-plum', []],
  ['the same three times', { noIdentical: true }, 'orchiddd-plumage', ['IDENTICAL']],
  ['the same twice', { noIdentical: true }, 'orchidd-plumagee', []],
  ['a common one', { minLength: 8 }, 'password1', ['COMMON']],
  ['a common one with a year and a sign', {}, 'Password2024!!', ['COMMON']],
  ['a common one twice', {}, 'dragondragon', ['COMMON']],
  ['a common one where none are refused', { dictionary: 'NONE' }, 'Password2024!!', []],
  ['a word of the connection', { words: ['gatehouse rules'] }, 'Gatehouse Rules', ['COMMON']],
  ['a mail name', {}, 'my-jane-is-great', ['PERSONAL']],
  ['part of a double name', {}, 'xx-MILLER-xx-yy', ['PERSONAL']],
  ['a part of a name of three letters', {}, 'the roe in the wood', []],
  ['PWD-10 the name of an organization', {}, 'my-harbor.school-7', ['PERSONAL']],
  ['PWD-10 a short one inside of a word', {}, 'thatsACMEforyou', ['PERSONAL']],
  ['one word of the name of an organization', {}, 'the school and I', []],
  ['the name of an organization of three letters', {}, 'abc and so much more', []],
  ['bad input: a NUL', {}, 'plum\u0000orchids-fly', ['CONTROL_CHARACTER']],
  ['bad input: a line break at the end', {}, 'plum-orchids-fly\n', ['CONTROL_CHARACTER']],
  ['bad input: nothing', {}, '', ['TOO_SHORT']],
  ['a name where that is allowed', { personalData: false }, 'my-jane-is-great', []],
  [
    'everything at once',
    { classes: 4, noIdentical: true },
    'jane111',
    ['TOO_SHORT', 'TOO_FEW_CLASSES', 'IDENTICAL', 'PERSONAL'],
  ],
];

describe('a password policy', () => {
  it.each(cases)('judges %s', (_, change, password, expected) => {
    expect(violationsOf({ ...defaults, ...change }, password, person)).toEqual(expected);
  });

  it('PWD-10 knows the most common passwords, alone and with a year', () => {
    const list = jest.requireActual<{ dictionary: { passwords: string[] } }>('@zxcvbn-ts/language-common')
      .dictionary.passwords;
    expect(list).toHaveLength(49_233);
    const policy = { ...defaults, minLength: 1 };
    const missed = list
      .slice(0, 3_000)
      .filter((word) => !violationsOf(policy, word, { words: [] }).includes('COMMON'));
    expect(missed).toEqual([]);
  });

  it('takes the preset and the options of a connection before the settings', () => {
    const config = loadConfig({ environment: {} }).passwords;
    expect(policyOf(config, { passwordPolicy: 'excellent' })).toMatchObject({
      minLength: 10,
      classes: 3,
      noIdentical: true,
    });
    expect(policyOf(config, { passwordPolicy: 'none' })).toMatchObject({ minLength: 8, classes: 0 });
    expect(policyOf(config, { passwordPolicy: 'nist' })).toMatchObject({ minLength: 15 });
    const own = policyOf(config, {
      passwordPolicy: 'good',
      password_complexity_options: { min_length: 3 },
      password_history: { enable: true, size: 99 },
      password_dictionary: { enable: true, dictionary: ['ACME', 7] },
      password_no_personal_info: { enable: false },
    });
    expect(own).toMatchObject({
      minLength: 8,
      classes: 3,
      history: 24,
      words: ['acme'],
      personalData: false,
    });
    expect(policyOf(config, { password_options: { min_length: 'x', classes: 9 } })).toMatchObject({
      minLength: 12,
      classes: 4,
    });
  });

  it('has settings whose lengths cannot fall below eight', () => {
    expect(passwordsSection.safeParse({ minLength: 7 }).success).toBe(false);
  });
});
