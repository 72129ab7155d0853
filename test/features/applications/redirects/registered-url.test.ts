import { originProblem, registrationProblem } from '#src/features/applications/redirects/registered-url';

const live = { type: 'REGULAR_WEB', devMode: false };
const native = { type: 'NATIVE', devMode: false };
const development = { type: 'REGULAR_WEB', devMode: true };

describe('registering a redirect URL', () => {
  it.each([
    ['https://a.example/cb', live],
    ['https://a.example:8443/cb?tenant=1', live],
    ['http://localhost:3000/cb', live],
    ['http://127.0.0.1/cb', native],
    ['com.example.app:/callback', native],
    ['com.example.app://callback', native],
    ['http://dev.example/cb', development],
    ['https://*.example.com/cb', development],
    ['https://app-*-preview.example.com/cb', development],
    ['https://{organization_name}.example.com/cb', live],
  ])('%s may be registered', (url, policy) => {
    expect(registrationProblem(url, policy)).toBeNull();
  });

  it.each([
    ['http://a.example/cb', live, 'http off loopback'],
    ['/cb', live, 'not an absolute URL'],
    ['https:a.example/cb', live, 'not an absolute URL'],
    ['https://good.example@evil/cb', live, 'user name'],
    ['https://user:secret@a.example/cb', live, 'user name'],
    ['https://a.example/cb#here', live, 'fragment'],
    ['https://a.example\\cb', live, 'backslash'],
    ['https://a.example/\tcb', live, 'control characters'],
    ['https://a.example/x/../cb', live, 'segments'],
    ['https://a.example/x/%2e%2E/cb', live, 'segments'],
    ['https://bücher.example/cb', live, 'punycode'],
    ['javascript:alert(1)', native, 'javascript:'],
    ['data:text/html,x', native, 'data:'],
    ['com.example.app:/callback', live, 'native'],
    ['myapp:/callback', native, 'dot'],
    ['https://*.example.com/cb', live, 'development mode'],
    ['https://*.com/cb', development, 'public suffix'],
    ['https://*.co.uk/cb', development, 'public suffix'],
    ['https://*.github.io/cb', development, 'public suffix'],
    ['https://a.*.example.com/cb', development, 'leftmost'],
    ['https://**.example.com/cb', development, 'one "*"'],
    ['https://a.example/*', development, 'leftmost'],
    ['https://*-{organization_name}.example.com/cb', development, 'not both'],
    ['https://x{organization_name}.example.com/cb', live, 'alone'],
    [`https://a.example/${'x'.repeat(2_048)}`, live, '2048'],
  ])('%s is refused', (url, policy, reason) => {
    expect(registrationProblem(url, policy)).toContain(reason);
  });
});

describe('registering an origin', () => {
  it.each(['https://a.example', 'http://localhost:3000', 'https://a.example:8443'])(
    '%s may be registered',
    (origin) => {
      expect(originProblem(origin, live)).toBeNull();
    },
  );

  it.each([
    ['https://a.example/', 'write https://a.example'],
    ['https://A.example', 'write https://a.example'],
    ['https://a.example:443', 'write https://a.example'],
    ['https://*.a.example', 'wildcard'],
    ['null', 'not an http'],
    ['http://a.example', 'http off loopback'],
  ])('%s is refused', (origin, reason) => {
    expect(originProblem(origin, live)).toContain(reason);
  });
});
