import { mapCsv } from '#src/features/transfers/formats/csv/map-csv';
import { usualMapping } from '#src/features/transfers/formats/import-format';

const rowOf = (record: Record<string, string>): unknown => mapCsv(record, usualMapping).row;

describe('5.8 the apostrophe in front of a cell', () => {
  it('is taken off where our export has put it: in front of every text of the row', () => {
    const exported = { email: "'a@example.com", name: "''t Hooft", nickname: "'\\N", blocked: 'false' };
    const rest = { created_at: '2020-01-01T00:00:00.000Z', logins_count: '3', 'user_metadata.a': '["x"]' };
    expect(rowOf({ ...exported, ...rest, 'user_metadata.b': "'[1]" })).toEqual({
      ...{ email: 'a@example.com', name: "'t Hooft", nickname: '\\N', blocked: false },
      ...{ created_at: '2020-01-01T00:00:00.000Z', logins_count: 3 },
      user_metadata: { a: ['x'], b: '[1]' },
    });
  });

  it('belongs to the value in a table of somebody else, unless it keeps a formula or a number a text', () => {
    const row = { email: 'a@example.com', name: "'t Hooft", nickname: "'=1+1" };
    expect(rowOf({ ...row, 'user_metadata.a': "'42", 'user_metadata.b': "'80s", given_name: "'5" })).toEqual({
      ...{ email: 'a@example.com', name: "'t Hooft", nickname: '=1+1', given_name: "'5" },
      user_metadata: { a: '42', b: "'80s" },
    });
  });
});
