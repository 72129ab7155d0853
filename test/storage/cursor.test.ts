import fc from 'fast-check';
import type { CursorValue } from '#src/shared/page';
import { createCursors } from '#src/storage/cursor';

const cursors = createCursors(Buffer.alloc(32, 1));
const refused = expect.objectContaining({ code: 'INVALID_PAGING' });

function refusal(order: string, cursor: string): unknown {
  try {
    return cursors.decode(order, cursor, 'after');
  } catch (error) {
    return error;
  }
}

describe('a cursor', () => {
  it('gives back its values', () => {
    const value = fc.oneof(fc.string({ unit: 'grapheme' }), fc.integer(), fc.boolean(), fc.constant(null));
    fc.assert(
      fc.property(fc.array<CursorValue>(value), (values) => {
        expect(cursors.decode('users', cursors.encode('users', values), 'after')).toEqual(values);
      }),
    );
  });

  it('reveals nothing: equal places give different texts of equal length, whatever the values', () => {
    const first = cursors.encode('users', ['jane@example.com']);
    expect(cursors.encode('users', ['jane@example.com'])).not.toBe(first);
    expect(cursors.encode('users', [null])).toHaveLength(first.length);
    expect(Buffer.from(first, 'base64url').toString('latin1')).not.toContain('jane');
  });

  it('is refused by another list or order', () => {
    const cursor = cursors.encode('users:email', ['a']);
    expect(refusal('users:name', cursor)).toEqual(refused);
  });

  it('is refused when it was sealed with another key', () => {
    const foreign = createCursors(Buffer.alloc(32, 2)).encode('users', ['a']);
    expect(refusal('users', foreign)).toEqual(refused);
  });

  it('is refused after any change of one character', () => {
    const cursor = cursors.encode('users', ['a', 1]);
    for (let index = 0; index < cursor.length; index += 1) {
      const changed = cursor.slice(0, index) + (cursor[index] === 'A' ? 'B' : 'A') + cursor.slice(index + 1);
      expect(refusal('users', changed)).toEqual(refused);
    }
  });

  it.each(['', 'x', 'not a cursor', '🙂', 'A'.repeat(100), 'A'.repeat(100_000), '=', 'AAAA AAAA'])(
    'is refused when it is made up: %.20s',
    (text) => {
      expect(refusal('users', text)).toMatchObject({
        code: 'INVALID_PAGING',
        extensions: { argument: 'after' },
      });
    },
  );
});
