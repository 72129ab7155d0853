import { resolve } from 'node:path';
import { databaseNameExceptions, fileRules } from '#test/architecture/file-rules';
import { checkHouse } from '#test/architecture/check-house';
import { readFacts, readTree } from '#test/architecture/source-facts';

const root = resolve(__dirname, '../..');

describe('the house', () => {
  const tree = readTree(root, ['src']);

  it('keeps every rule of layout, imports and names in src', () => {
    expect(checkHouse(tree).join('\n')).toBe('');
  });

  it('has no test file above the length limit either', () => {
    const [lengthRule] = fileRules;
    const tests = [...readTree(root, ['test'])].filter(([path]) => path.endsWith('.ts'));
    const tooLong = tests.filter(([path, text]) => lengthRule?.breaches(readFacts(path, text)).length !== 0);
    expect(tooLong.map(([path]) => path)).toEqual([]);
  });

  it('has no exception to the rule on database names that nothing uses', () => {
    const stale = databaseNameExceptions.filter(({ path }) => {
      const uses = [...tree].filter(([file, text]) => path.test(file) && /sqlite|postgres/i.test(text));
      return uses.length === 0;
    });
    expect(stale).toEqual([]);
  });
});
