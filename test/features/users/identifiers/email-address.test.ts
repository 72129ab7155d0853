import { domainOf, isEmailAddress, localPart } from '#src/features/users/identifiers/email-address';

describe('e-mail addresses', () => {
  it.each([
    'jane@x.io',
    'jo+news@other.io',
    'E5@Corp.example',
    "o'neil@sub.example.com",
    'jürgen@münchen.example',
    `${'a'.repeat(64)}@x.io`,
    `a@${'d'.repeat(63)}.io`,
  ])('accepts %s', (text) => {
    expect(isEmailAddress(text)).toBe(true);
  });

  it.each([
    '',
    'jane',
    'jane@',
    '@x.io',
    'jane@localhost',
    'jane@@x.io',
    'ja ne@x.io',
    'jane@x..io',
    'jane@-x.io',
    '.jane@x.io',
    'jane.@x.io',
    'jane@x.io\n',
    'jane@x.io, joe@x.io',
    '<jane@x.io>',
    `${'a'.repeat(65)}@x.io`,
    `a@${'d'.repeat(64)}.io`,
    `a@${'d.'.repeat(130)}io`,
  ])('refuses %j', (text) => {
    expect(isEmailAddress(text)).toBe(false);
  });

  it('has a local part and a domain in lower case', () => {
    expect(localPart('Jane@X.io')).toBe('Jane');
    expect(domainOf('Jane@X.IO')).toBe('x.io');
  });
});
