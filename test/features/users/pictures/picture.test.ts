import { generatePicture, initialsImage, initialsOf } from '#src/features/users/pictures/picture';

const settings = { gravatar: true, initialsBaseUrl: 'https://id.example/pictures/initials/' };

describe('initials', () => {
  it.each([
    [{ givenName: 'Ada', familyName: 'Lovelace', name: 'X Y' }, 'AL'],
    [{ givenName: 'Ada', name: 'John Richard Doe' }, 'JR'],
    [{ name: 'Cher' }, 'C'],
    [{ email: 'jane@x.io' }, 'JA'],
    [{ email: 'j@x.io' }, 'J'],
    [{ username: 'zoe' }, 'ZO'],
    [{ name: '  ', username: '' }, '?'],
    [{}, '?'],
    [{ name: '😀 é' }, '😀É'],
  ])('of %j are %s', (inputs, expected) => {
    expect(initialsOf(inputs)).toBe(expected);
  });
});

describe('generated pictures', () => {
  it('are a Gravatar URL by the MD5 of the trimmed, lower-cased address, with the initials as fallback', () => {
    // The address and hash of Gravatar's own documentation.
    const url = generatePicture({ email: ' MyEmailAddress@example.com ' }, settings).url;
    expect(url).toBe(
      'https://www.gravatar.com/avatar/0bc83cb571cd1c50ba6f3e8a78ef1346?s=480&r=pg&d=' +
        encodeURIComponent('https://id.example/pictures/initials/%20M.svg'),
    );
  });

  it('are the initials without an address, or with Gravatar off', () => {
    const initials = 'https://id.example/pictures/initials/A.svg';
    expect(generatePicture({ name: 'Ada' }, settings).url).toBe(initials);
    expect(generatePicture({ name: 'Ada', email: 'a@x.io' }, { ...settings, gravatar: false }).url).toBe(
      initials,
    );
  });

  it('are drawn with every sign escaped', () => {
    expect(initialsImage('<&"')).toContain('>&#60;&#38;&#34;</text>');
    expect(initialsImage('abcdefgh')).toContain('>abcd</text>');
  });
});
