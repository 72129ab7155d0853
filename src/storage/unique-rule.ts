import type { DataSource, EntityMetadata } from 'typeorm';
import { camelCase } from '#src/storage/columns';
import { UniqueViolation } from '#src/storage/storage.errors';

function metadataOf(dataSource: DataSource, table: string): EntityMetadata | undefined {
  return dataSource.entityMetadatas.find((metadata) => metadata.tableName === table);
}

function primaryColumns(dataSource: DataSource, table: string): string[] {
  return (metadataOf(dataSource, table)?.primaryColumns ?? []).map((column) => column.databaseName);
}

/** From a rule's name: rules are named `pk_<table>` or `uq_<table>__<column>__<column>`. */
export function violationOfRule(dataSource: DataSource, constraint: string): UniqueViolation {
  const isPrimary = constraint.startsWith('pk_');
  const [table = '', ...named] = constraint.slice(3).split('__');
  const columns = isPrimary ? primaryColumns(dataSource, table) : named;
  return new UniqueViolation(constraint, table, columns.map(camelCase));
}

/** From the columns, where the database does not tell the rule's name. */
export function violationOfColumns(
  dataSource: DataSource,
  table: string,
  columns: readonly string[],
): UniqueViolation {
  const primary = primaryColumns(dataSource, table);
  const isPrimary = primary.length === columns.length && primary.every((column) => columns.includes(column));
  const constraint = isPrimary ? `pk_${table}` : `uq_${[table, ...columns].join('__')}`;
  return new UniqueViolation(constraint, table, columns.map(camelCase));
}
