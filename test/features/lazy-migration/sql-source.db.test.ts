import { Client } from 'pg';
import {
  openForeignDatabase,
  foreignQueryProblem,
  type ForeignDatabase,
} from '#src/storage/foreign-database';
import { openSqlSource } from '#src/features/lazy-migration/sources/sql-source';
import { verifyImportedHash } from '#src/features/passwords/hashes/check/verify-hash';
import { sql } from '#src/storage/sql';
import { eachDatabase } from '#test/support/databases';

const query = `SELECT id AS user_id, recipient AS email, template AS password_hash, content AS user_metadata
  FROM outbox_messages WHERE lower(recipient) = lower(:identifier)`;

describe('4.5 what a query must be', () => {
  it.each([
    ['DELETE FROM users WHERE email = :identifier', 'must begin with SELECT or WITH.'],
    ['SELECT 1', 'must hold :identifier, in the place of what the person typed.'],
    ['SELECT id::identifier FROM users', 'must hold :identifier, in the place of what the person typed.'],
    ['SELECT 1 WHERE a = :identifier; DROP TABLE users', 'is one statement, without a semicolon.'],
    [`SELECT :identifier ${' '.repeat(10_000)}`, 'has at most 10000 characters.'],
  ])('%.40s is refused', (text, problem) => {
    expect(foreignQueryProblem(text)).toBe(problem);
  });

  it('one SELECT with the identifier is taken, up to 10,000 characters', () => {
    expect(foreignQueryProblem(query)).toBeNull();
    expect(foreignQueryProblem('SELECT :identifier'.padEnd(10_000, ' '))).toBeNull();
  });
});

eachDatabase('4.5 a database as source', (database) => {
  let foreign: ForeignDatabase;
  beforeAll(async () => {
    // Any table serves for the old system's: these rows stand for its users.
    const storage = await database.open();
    const row = (id: string, email: string, hash: string, metadata: string | null) =>
      sql`INSERT INTO outbox_messages (id, recipient, template, content, status, request_id, created_at, expires_at)
        VALUES (${id}, ${email}, ${hash}, ${metadata}, 'SENT', 'r', 0, 0)`;
    await storage.open().transaction(async (store) => {
      await store.execute(row('1', 'Ana@example.com', '{MD5}nIpUF1ImaZmzZPoJf7ccMA==', '{"theme":"dark"}'));
      await store.execute(row('2', 'twice@example.com', '', null));
      await store.execute(row('3', 'twice@example.com', '', null));
      await store.execute(row('4', 'none@example.com', '', null));
    });
    foreign = openForeignDatabase(database.url());
  });
  afterAll(() => foreign.close());

  const source = (text = query) =>
    openSqlSource(
      {
        database: (name) => (name === 'crm' ? foreign : null),
        verifyHash: verifyImportedHash,
        timeoutMs: 500,
      },
      {
        ...{ kind: 'SQL', database: 'crm', query: text, hashColumn: 'password_hash' },
        ...{ timeoutMs: null, prefixIds: true, allowReimport: false, writeBack: [] },
      },
    );

  it('checks the hash and answers the other columns as the profile', async () => {
    const profile = { user_id: '1', email: 'Ana@example.com', user_metadata: { theme: 'dark' } };
    expect(await source().verify('ana@example.com', 'Corr3ct-h0rse')).toEqual({ kind: 'match', profile });
    expect(await source().verify('ana@example.com', 'wrong')).toEqual({ kind: 'mismatch' });
    expect(await source().lookUp('ana@example.com')).toEqual({ kind: 'found', profile });
    expect(await source().lookUp('nobody@example.com')).toEqual({ kind: 'unknown' });
    expect(await source().verify('none@example.com', '')).toEqual({ kind: 'mismatch' });
  });

  it('binds what was typed as a value', async () => {
    for (const typed of ["' OR '1'='1", 'ana@example.com%', "'; DROP TABLE users; --", '\\']) {
      expect(await source().lookUp(typed)).toEqual({ kind: 'unknown' });
    }
  });

  it('is a fault where the query does not say who it is, does not run, or takes too long', async () => {
    await expect(source().lookUp('twice@example.com')).rejects.toMatchObject({ reason: 'BAD_ANSWER' });
    await expect(source('SELECT x FROM nowhere WHERE y = :identifier').lookUp('a')).rejects.toMatchObject({
      reason: 'QUERY_FAILED',
    });
    const slow = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000000)
      SELECT count(*) AS user_id FROM n WHERE :identifier = :identifier`;
    await expect(source(slow).lookUp('a')).rejects.toMatchObject({ reason: 'QUERY_FAILED' });
    expect(await source().lookUp('nobody@example.com')).toEqual({ kind: 'unknown' });
  });

  it('never writes', async () => {
    if (database.name === 'PostgreSQL') {
      const client = new Client({ connectionString: database.url() });
      await client.connect();
      await client.query(
        `CREATE FUNCTION tempt() RETURNS text LANGUAGE sql AS $$ DELETE FROM outbox_messages RETURNING id $$`,
      );
      await client.end();
      const tempting = source("SELECT tempt() AS user_id WHERE 'a' = :identifier");
      await expect(tempting.lookUp('a')).rejects.toMatchObject({ reason: 'QUERY_FAILED' });
    } else {
      const writing = 'WITH gone AS (SELECT 1) DELETE FROM outbox_messages WHERE id = :identifier';
      await expect(source(writing).lookUp('1')).rejects.toMatchObject({ reason: 'QUERY_FAILED' });
    }
    expect(await source().lookUp('ana@example.com')).toMatchObject({ kind: 'found' });
  });
});
