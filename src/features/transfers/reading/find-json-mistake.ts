const space = /[ \t\r\n]*/y;
const literal =
  /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

/** Where a text stops being JSON: the offset of the first character that does not fit. For texts that `JSON.parse` refused. */
export function findJsonMistake(text: string): number {
  const open: ('[' | '{')[] = [];
  let at = skip(text, 0);
  let expects: 'value' | 'name' | 'after' | 'value-or-end' | 'name-or-end' = 'value';
  while (at < text.length) {
    const character = text[at] as string;
    if (expects === 'after') {
      const around = open[open.length - 1];
      if (character === ',' && around !== undefined) expects = around === '{' ? 'name' : 'value';
      else if (character === (around === '{' ? '}' : ']') && around !== undefined) open.pop();
      else return at;
      at = skip(text, at + 1);
    } else if (
      (expects === 'value-or-end' && character === ']') ||
      (expects === 'name-or-end' && character === '}')
    ) {
      open.pop();
      expects = 'after';
      at = skip(text, at + 1);
    } else if (expects === 'name' || expects === 'name-or-end') {
      const end = character === '"' ? literalEnd(text, at) : null;
      if (end === null) return at;
      const colon = skip(text, end);
      if (text[colon] !== ':') return colon;
      expects = 'value';
      at = skip(text, colon + 1);
    } else if (character === '[' || character === '{') {
      open.push(character);
      expects = character === '[' ? 'value-or-end' : 'name-or-end';
      at = skip(text, at + 1);
    } else {
      const end = literalEnd(text, at);
      if (end === null) return at;
      expects = 'after';
      at = skip(text, end);
    }
  }
  return text.length;
}

function skip(text: string, at: number): number {
  space.lastIndex = at;
  return space.test(text) ? space.lastIndex : at;
}

function literalEnd(text: string, at: number): number | null {
  literal.lastIndex = at;
  return literal.test(text) ? literal.lastIndex : null;
}
