import type { QueryRunner } from 'typeorm';

/** A foreign key to the `id` of another table. */
export interface Reference {
  readonly table: string;
  readonly column: string;
  readonly target: string;
  readonly onDelete: 'CASCADE' | 'SET NULL';
}

/** Takes a foreign key off a table. This database can only make the table anew and copy the rows. */
export function dropReference(runner: QueryRunner, reference: Reference): Promise<void> {
  const constraint = constraintOf(reference);
  return rebuild(runner, reference.table, (definition) => {
    const without = definition.replace(new RegExp(`,\\s*${escaped(constraint)}`), '');
    if (without === definition) throw new Error(`${reference.table} has no "${constraint}".`);
    return without;
  });
}

/** Puts a foreign key back; rows whose target is gone go, or lose the reference, as its deletion would have made them. */
export async function addReference(runner: QueryRunner, reference: Reference): Promise<void> {
  const { table, column, target, onDelete } = reference;
  const orphaned = `${column} IS NOT NULL AND ${column} NOT IN (SELECT id FROM ${target})`;
  await runner.query(
    onDelete === 'CASCADE'
      ? `DELETE FROM ${table} WHERE ${orphaned}`
      : `UPDATE ${table} SET ${column} = NULL WHERE ${orphaned}`,
  );
  await rebuild(runner, table, (definition) => {
    const end = definition.lastIndexOf(')');
    return `${definition.slice(0, end).trimEnd()},\n      ${constraintOf(reference)}\n    ${definition.slice(end)}`;
  });
}

function constraintOf({ table, column, target, onDelete }: Reference): string {
  return `CONSTRAINT fk_${table}__${column} FOREIGN KEY (${column}) REFERENCES ${target} (id) ON DELETE ${onDelete}`;
}

function escaped(text: string): string {
  return text.replace(/[().]/g, '\\$&');
}

/** Foreign keys are off while migrations run, and checked before they are committed; indexes and triggers come back as they were. */
async function rebuild(
  runner: QueryRunner,
  table: string,
  change: (definition: string) => string,
): Promise<void> {
  const parts = (await runner.query(
    "SELECT type, sql FROM sqlite_master WHERE tbl_name = ? AND sql IS NOT NULL ORDER BY type = 'table' DESC, rowid",
    [table],
  )) as { type: string; sql: string }[];
  const definition = parts.find(({ type }) => type === 'table')?.sql;
  if (definition === undefined) throw new Error(`There is no table ${table}.`);
  const draft = `new_${table}`;
  const named = change(definition).replace(/^CREATE TABLE "?\w+"?/, `CREATE TABLE ${draft}`);
  const columns = (await runner.query(`SELECT name FROM pragma_table_info('${table}')`)) as {
    name: string;
  }[];
  const list = columns.map(({ name }) => `"${name}"`).join(', ');
  await runner.query(named);
  await runner.query(`INSERT INTO ${draft} (${list}) SELECT ${list} FROM ${table}`);
  await runner.query(`DROP TABLE ${table}`);
  await runner.query(`ALTER TABLE ${draft} RENAME TO ${table}`);
  for (const { type, sql } of parts) if (type !== 'table') await runner.query(sql);
}
