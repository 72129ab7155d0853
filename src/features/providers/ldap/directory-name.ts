/**
 * The parts of a distinguished name (RFC 4514), in a form in which equal ones are the same text: attribute and value without case, runs of spaces
 * as one, escapes undone, of several attributes in one part their order too. Null for what is no name.
 */
export function namePartsOf(dn: string): readonly string[] | null {
  const parts: string[][] = [[]];
  let text = '';
  const close = (): boolean => {
    const at = text.indexOf('=');
    if (at < 1) return false;
    const [name, value] = [text.slice(0, at).trim(), text.slice(at + 1)];
    parts.at(-1)?.push(`${name.toLowerCase()}=${foldedValue(value)}`);
    text = '';
    return true;
  };
  for (let at = 0; at < dn.length; at += 1) {
    const character = dn[at] as string;
    if (character === '\\') {
      text += character + (dn[at + 1] ?? '');
      at += 1;
    } else if (character === ',' || character === '+') {
      if (!close()) return null;
      if (character === ',') parts.push([]);
    } else text += character;
  }
  if (!close()) return null;
  return parts.map((part) => part.sort().join('+'));
}

/** How many parts a name has above a base that it ends in; null: it does not lie below the base. */
export function depthBelow(dn: string, baseDn: string): number | null {
  const [parts, base] = [namePartsOf(dn), namePartsOf(baseDn)];
  if (parts === null || base === null || parts.length <= base.length) return null;
  const tail = parts.slice(parts.length - base.length);
  return tail.every((part, index) => part === base[index]) ? parts.length - base.length : null;
}

const escaped = /\\([0-9a-f]{2}|.)/gis;

/** Pairs of hexadecimal digits are bytes of UTF-8; only spaces that are escaped count at the ends. */
function foldedValue(value: string): string {
  const bytes: number[] = [];
  const text = value.replace(/^ +/, '').replace(/(?<!\\) +$/, '');
  let from = 0;
  for (const match of text.matchAll(escaped)) {
    bytes.push(...Buffer.from(text.slice(from, match.index)));
    const what = match[1] as string;
    bytes.push(...(what.length === 2 ? Buffer.from(what, 'hex') : Buffer.from(what)));
    from = match.index + match[0].length;
  }
  bytes.push(...Buffer.from(text.slice(from)));
  return Buffer.from(bytes).toString('utf8').toLowerCase().replace(/ +/g, ' ');
}
