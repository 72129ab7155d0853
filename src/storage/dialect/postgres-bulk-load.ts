import type { BulkLoadDialect } from '#src/storage/dialect/bulk-load';
import { fillTrigrams } from '#src/storage/migrations/postgres/0002-trigrams';
import { sql } from '#src/storage/sql';

export const postgresBulkLoad: BulkLoadDialect = {
  setAside: sql`SELECT 'DROP INDEX ' || quote_ident(c.relname) AS "drop", pg_get_indexdef(c.oid) AS "restore"
      FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
      WHERE c.relnamespace = current_schema()::regnamespace AND NOT i.indisunique
    UNION ALL
    SELECT 'DROP TRIGGER ' || quote_ident(t.tgname) || ' ON ' || t.tgrelid::regclass, pg_get_triggerdef(t.oid)
      FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
      WHERE c.relnamespace = current_schema()::regnamespace AND NOT t.tgisinternal`,
  isUnderWay: sql`SELECT COUNT(to_regclass('set_aside'))::integer AS "n"`,
  derived: [sql`TRUNCATE user_trigrams`, sql.raw(fillTrigrams)],
  // Also notes which pages every transaction sees, so that indexes alone can answer.
  learn: { statement: sql`VACUUM (ANALYZE)`, isAlone: true },
};
