import { redactRow } from '#src/features/transfers/imports/applying/redact-row';

const shownOf = (row: object): string => JSON.stringify(redactRow(row as never));

describe('1.7 the echo of a row', () => {
  it.each<[string, object]>([
    ['a hash', { password_hash: 'CNRY' }],
    ['a hash in a list', { password_hash: ['CNRY'] }],
    ['a hash by another name', { custom_password_hash: { algorithm: 'md5', hash: { Value: 'CNRY' } } }],
    ['a hash in a list of the object', { custom_password_hash: { hash: ['CNRY'] } }],
    ['the text instead of the object', { custom_password_hash: 'CNRY' }],
    ['a hash as the algorithm', { custom_password_hash: { algorithm: 'CNRY' } }],
    ['a salt', { custom_password_hash: { hash: { value: 'CNRY' }, salt: { value: 'CNRY' } } }],
    ['a key', { custom_password_hash: { hash: { key: { value: 'CNRY', encoding: 'hex' } } } }],
    ['a password as an object', { password: { value: 'CNRY' } }],
    ['passwords as a list', { passwords: ['CNRY', { was: 'CNRY' }] }],
    ['the secret of a factor', { mfa_factors: [{ totp: { secret: 'CNRY' } }] }],
    [
      'the secret where the object belongs',
      { mfa_factors: [{ totp: 'CNRY' }, { totp: { Secret: ['CNRY'] } }] },
    ],
    ['credentials of another product', { credentials: [{ secretData: '{"value":"CNRY"}', value: 'CNRY' }] }],
    ['something too deep', { a: { b: { c: { d: { e: { f: { g: { h: { i: { j: 'CNRY' } } } } } } } } } }],
    ['a number that stands for a password', { password: 271828 }],
  ])('hides %s', (_name, row) => {
    expect(shownOf(row)).not.toMatch(/CNRY|271828/);
  });

  it('shows what helps to find the mistake', () => {
    const hash = {
      algorithm: 'sha256',
      hash: { value: 'CNRY', encoding: 'hex' },
      salt: { position: 'prefix' },
    };
    const row = {
      email: 'a@example.com',
      blocked: 'yes',
      password_reset_required: true,
      custom_password_hash: hash,
    };
    expect(redactRow({ ...row, keylen: 5, password: null, name: 'x'.repeat(201) })).toEqual({
      ...row,
      custom_password_hash: { ...hash, hash: { value: '*****', encoding: 'hex' } },
      ...{ keylen: 5, password: null, name: `${'x'.repeat(200)}…` },
    });
  });
});
