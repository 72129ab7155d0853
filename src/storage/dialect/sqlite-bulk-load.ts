import type { BulkLoadDialect } from '#src/storage/dialect/bulk-load';
import { fillTrigrams } from '#src/storage/migrations/sqlite/0002-trigrams';
import { sql } from '#src/storage/sql';

/** Indexes and triggers keep the text they were made by. */
export const sqliteBulkLoad: BulkLoadDialect = {
  setAside: sql`SELECT 'DROP ' || type || ' ' || name AS "drop", sql AS "restore" FROM sqlite_schema
    WHERE type IN ('index', 'trigger') AND sql LIKE 'CREATE %' AND sql NOT LIKE 'CREATE UNIQUE %' ORDER BY rowid`,
  isUnderWay: sql`SELECT COUNT(*) AS "n" FROM sqlite_schema WHERE type = 'table' AND name = 'set_aside'`,
  derived: [
    sql`INSERT INTO user_trigrams (user_trigrams) VALUES ('delete-all')`,
    sql.raw(fillTrigrams),
    sql`INSERT INTO user_trigrams (user_trigrams) VALUES ('optimize')`,
  ],
  learn: { statement: sql`ANALYZE`, isAlone: false },
};
