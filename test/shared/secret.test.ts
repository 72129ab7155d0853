import { inspect } from 'node:util';
import { Secret } from '#src/shared/secret';

describe('Secret', () => {
  it('shows a mark wherever it is printed and its value only on request', () => {
    const secret = new Secret('hunter2');
    expect(`${secret}`).toBe('[secret]');
    expect(JSON.stringify({ secret })).toBe('{"secret":"[secret]"}');
    expect(inspect({ secret }, { showHidden: true })).not.toContain('hunter2');
    expect(Object.values(secret)).toEqual([]);
    expect(secret.reveal()).toBe('hunter2');
  });
});
