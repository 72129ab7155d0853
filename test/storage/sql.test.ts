import { Sql, sql } from '#src/storage/sql';

const numbered = (position: number): string => `$${position}`;

describe('the sql tag', () => {
  it('binds values and keeps them out of the text', () => {
    const hostile = "'; DROP TABLE users; --";
    const statement = sql`SELECT * FROM users WHERE name = ${hostile} AND blocked = ${true}`;
    expect(statement.render(numbered)).toBe('SELECT * FROM users WHERE name = $1 AND blocked = $2');
    expect(statement.values).toEqual([hostile, true]);
  });

  it('inserts pieces as SQL with their values in order', () => {
    const condition = sql`a = ${1} OR b IN (${sql.join([sql`${2}`, sql`${3}`])})`;
    const statement = sql`SELECT x WHERE ${condition} AND c = ${4}`;
    expect(statement.render(numbered)).toBe('SELECT x WHERE a = $1 OR b IN ($2, $3) AND c = $4');
    expect(statement.values).toEqual([1, 2, 3, 4]);
  });

  it('binds a list as one value', () => {
    const statement = sql`x = ANY(${['a', 'b']})`;
    expect(statement.render(numbered)).toBe('x = ANY($1)');
    expect(statement.values).toEqual([['a', 'b']]);
  });

  it('numbers placeholders from where it is told to', () => {
    expect(sql`a = ${1}, b = ${2}`.render(numbered, 5)).toBe('a = $5, b = $6');
  });

  it('joins conditions with parentheses and leaves absent ones out', () => {
    expect(sql.and([sql`a OR b`, null, sql`c`]).render(numbered)).toBe('(a OR b) AND (c)');
    expect(sql.or([undefined, sql`a`]).render(numbered)).toBe('a');
    expect(sql.and([]).render(numbered)).toBe('TRUE');
    expect(sql.or([null]).render(numbered)).toBe('FALSE');
  });

  it('refuses an undefined value', () => {
    expect(() => sql`a = ${undefined}`).toThrow(TypeError);
  });

  it('knows the empty piece', () => {
    expect(sql.empty.isEmpty).toBe(true);
    expect(sql`x`.isEmpty).toBe(false);
    expect(sql.join([])).toEqual(new Sql([''], []));
  });
});
