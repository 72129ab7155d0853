import { JsonText, stringify } from '#src/shared/json-text';

const mark = 'a stored text stands here';

describe('stringify', () => {
  const stored = JSON.stringify({ color: 'green', 'quoted "name"': '\u0007 ✓', 2: [1, 2.5, null] });

  it('puts stored texts in as they stand, each in its place', () => {
    const value = {
      data: {
        a: new JsonText('{"first":true}'),
        list: [{ b: new JsonText(stored) }, null],
        c: new JsonText('[]'),
      },
    };
    expect(stringify(value)).toBe(`{"data":{"a":{"first":true},"list":[{"b":${stored}},null],"c":[]}}`);
  });

  it('writes what JSON.stringify writes', () => {
    const value = { n: 1, text: 'x', stored: new JsonText(stored), nested: [JsonText.of({ a: [] }), 2] };
    expect(stringify(value)).toBe(JSON.stringify(value));
    expect(stringify({ plain: ['"', mark.slice(1)] })).toBe(JSON.stringify({ plain: ['"', mark.slice(1)] }));
  });

  it.each([
    ['a value', { name: mark, stored: new JsonText('{"secret":1}') }],
    ['a value behind it', { stored: new JsonText('{"secret":1}'), name: mark }],
    ['a name', { [mark]: new JsonText('{"secret":1}') }],
    [
      'a part of a value',
      { name: `"${mark}"`, stored: new JsonText('{"secret":1}'), more: JsonText.of([mark]) },
    ],
    ['a stored text', { stored: JsonText.of({ color: mark }), more: JsonText.of({ color: 'green' }) }],
  ])('moves no text to another place when %s reads like the mark', (_where, value) => {
    expect(stringify(value)).toBe(JSON.stringify(value));
    expect(JSON.parse(stringify(value))).toEqual(JSON.parse(JSON.stringify(value)));
  });

  it('leaves stored texts to JSON.stringify after a value that cannot be written', () => {
    const broken = { stored: new JsonText('{}'), number: 1n };
    expect(() => stringify(broken)).toThrow(TypeError);
    expect(JSON.stringify({ stored: new JsonText('{"a":1}') })).toBe('{"stored":{"a":1}}');
  });
});
