import { returnTarget } from '#src/features/applications/redirects/return-target';

const policy = {
  type: 'REGULAR_WEB',
  devMode: false,
  callbacks: ['https://good.example/cb'],
  defaultRedirectUri: 'https://good.example/home',
};

describe('where a browser goes after a sign-in', () => {
  it.each([
    ['/orders?page=2', 'https://good.example/orders?page=2'],
    ['/', 'https://good.example/'],
    ['/search?q=a%20b', 'https://good.example/search?q=a%20b'],
    ['/p?next=/orders', 'https://good.example/p?next=/orders'],
    ['https://good.example/cb', 'https://good.example/cb'],
  ])('%s is followed', (asked, url) => {
    expect(returnTarget(asked, policy)).toEqual({ url, isRefused: false });
  });

  it.each([
    '//evil',
    '///evil',
    '/\\evil',
    '/%09/evil',
    '/\t/evil',
    '/%5Cevil',
    '/%252F%252Fevil%00',
    '/%2F%2Fevil\n',
    'https:evil',
    'https://evil/',
    'https://good.example@evil',
    'https://good.example.evil',
    'javascript:alert(1)',
    '／／evil',
    '/\r\nlocation: https://evil/',
    '/login?next=//evil',
    '/login?next=%252F%252Fevil',
    '/login?next=https%3A%2F%2Fevil',
    '/%E0%A4%A',
    `/${'x'.repeat(2_050)}`,
  ])('6.5-1 WEB-01 %s is dropped for the default', (asked) => {
    expect(returnTarget(asked, policy)).toEqual({ url: 'https://good.example/home', isRefused: true });
  });

  it('nothing asked for is nothing refused', () => {
    expect(returnTarget(null, policy)).toEqual({ url: 'https://good.example/home', isRefused: false });
    expect(returnTarget('/x', { ...policy, defaultRedirectUri: null })).toEqual({
      url: null,
      isRefused: true,
    });
  });
});
