import { wantsGraphiql } from '#src/http/graphiql/graphiql-page';

const browserAccept = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';

describe('wantsGraphiql', () => {
  test.each([
    ['a browser', browserAccept, {}, true],
    ['a browser with the parameters of a link', browserAccept, { variables: '{}' }, true],
    ['a browser with an operation', browserAccept, { query: '{viewer{kind}}' }, false],
    ['a persisted operation', browserAccept, { extensions: '{}' }, false],
    ['a program that takes anything', '*/*', {}, false],
    ['a program that takes JSON', 'application/json', {}, false],
    ['a program that prefers JSON', 'text/html;q=0.5, application/graphql-response+json', {}, false],
    ['a program that refuses HTML', 'text/html;q=0, */*', {}, false],
    ['a program that says nothing', undefined, {}, false],
    ['a header that is no media type', ';q=,,;;text/htm', {}, false],
  ])('for %s', (_who, accept, query, expected) => {
    expect(wantsGraphiql(accept, query)).toBe(expected);
  });
});
