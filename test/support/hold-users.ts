import { Client } from 'pg';
import sqlite3 from 'sqlite3';

/** Keeps every other program from writing users until the answered function is called. */
export async function holdUsers(url: string): Promise<() => Promise<unknown>> {
  if (url.startsWith('sqlite:')) {
    const other = new sqlite3.Database(url.slice('sqlite:'.length));
    await new Promise((done) => other.exec('BEGIN IMMEDIATE', done));
    return () => new Promise((done) => other.close(done));
  }
  const other = new Client({ connectionString: url });
  await other.connect();
  await other.query('BEGIN; LOCK TABLE users IN EXCLUSIVE MODE');
  return () => other.end();
}
