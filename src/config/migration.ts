import { z } from 'zod';
import { integer, secretText, text } from './setting';

/** Stands for no database, and for no script, at all. */
const noDatabases = 'none';
const noScripts = noDatabases;

export const migrationSection = z.strictObject({
  databases: secretText({
    default: noDatabases,
    allowed: `name=postgres://… or name=sqlite:<file>, several of them with spaces in between, or ${noDatabases}`,
    check: (value) => (value === noDatabases || isDatabaseList(value) ? null : 'is no list of databases'),
    description:
      'Databases that SQL sources of lazy migration may read, each with the name by which a source asks for it.',
  }),
  scripts: text({
    default: noScripts,
    allowed: `name=/path/of/a/file.js, several of them with spaces in between, or ${noScripts}`,
    check: (value) => (value === noScripts || isScriptList(value) ? null : 'is no list of scripts'),
    description:
      'Files of the operator that script sources of lazy migration may run, each with the name by which a source asks for it.',
  }),
  timeoutMs: integer({
    default: 3_000,
    min: 100,
    max: 10_000,
    description:
      'How long a migration source may take to answer, in milliseconds, when it sets no limit of its own.',
  }),
  maxBytes: integer({
    default: 65_536,
    min: 1_024,
    max: 1_048_576,
    description: 'Most bytes of an answer of a migration source.',
  }),
});

export type MigrationConfig = Readonly<z.output<typeof migrationSection>>;

const entry = /^[a-z][a-z0-9_-]{0,63}=(?:sqlite:\S+|postgres(?:ql)?:\/\/\S+)$/i;

function entriesOf(value: string): readonly (readonly [string, string])[] {
  const parts = value.split(/\s+/).filter((part) => part !== '');
  return parts.map((part) => [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)]);
}

function isDatabaseList(value: string): boolean {
  const entries = entriesOf(value);
  const isEach = entries.every(([name, url]) => entry.test(`${name}=${url}`));
  return entries.length > 0 && isEach && new Map(entries).size === entries.length;
}

/** The URL of each configured database, by name. */
export function migrationDatabases({ databases }: MigrationConfig): ReadonlyMap<string, string> {
  const text = databases.reveal();
  return new Map(text === noDatabases ? [] : entriesOf(text));
}

const scriptEntry = /^[a-z][a-z0-9_-]{0,63}=\/\S+$/i;

function isScriptList(value: string): boolean {
  const entries = entriesOf(value);
  const isEach = entries.every(([name, file]) => scriptEntry.test(`${name}=${file}`));
  return entries.length > 0 && isEach && new Map(entries).size === entries.length;
}

/** The file of each configured script, by name. */
export function migrationScripts({ scripts }: Pick<MigrationConfig, 'scripts'>): ReadonlyMap<string, string> {
  return new Map(scripts === noScripts ? [] : entriesOf(scripts));
}
