import { readSignedText, signText } from '#src/config/sign-text';

const key = (fill: number) => ({ kid: `k${fill}`, key: Buffer.alloc(32, fill) });
const [old, fresh] = [key(1), key(2)];

describe('a signed text', () => {
  it.each(['', 'a', 'a.b.c', 'x'.repeat(300)])('%j is read by the key that signed it', (text) => {
    expect(readSignedText([old], signText([old], text))).toBe(text);
  });

  it('2.7-6 is read after a rotation, signed by the new key from then on, and by nobody when its key is gone', () => {
    const signed = signText([old], 'text');
    expect(readSignedText([fresh, old], signed)).toBe('text');
    expect(readSignedText([fresh], signText([fresh, old], 'text'))).toBe('text');
    expect(readSignedText([fresh], signed)).toBeNull();
    expect(readSignedText([], signed)).toBeNull();
  });

  it('is refused when anything of it was changed, cut or swapped', () => {
    const signed = signText([old], 'device.one');
    const other = signText([old], 'device.two');
    const changed = [...signed].map(
      (_, at) => signed.slice(0, at) + (signed[at] === 'A' ? 'B' : 'A') + signed.slice(at + 1),
    );
    const cut = [...signed].map((_, at) => signed.slice(0, at));
    const swapped = `${other.slice(0, 43)}.device.one`;
    for (const text of [...changed, ...cut, swapped, `${signed}x`, ` ${signed}`, 'ä'.repeat(60)]) {
      // The last character of a signature holds two bits that say nothing.
      const read = readSignedText([old], text);
      expect([
        text,
        read === null || (read === 'device.one' && text.slice(0, 42) === signed.slice(0, 42)),
      ]).toEqual([text, true]);
    }
    expect(readSignedText([old], swapped)).toBeNull();
  });

  it('is made by no ring without a key', () => {
    expect(() => signText([], 'text')).toThrow('no key');
  });
});
