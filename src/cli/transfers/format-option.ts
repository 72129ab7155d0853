import { readFile } from 'node:fs/promises';
import { UsageError } from '#src/cli/command';
import {
  importFormats,
  type FirebaseHashConfig,
  type ImportFormat,
} from '#src/features/transfers/formats/import-format';
import { readFirebaseConfig } from '#src/features/transfers/imports/upload-options';

/** `--format okta`; AUTO when absent. */
export function formatOption(text: string | undefined): ImportFormat {
  if (text === undefined) return 'AUTO';
  const format = text.toUpperCase().replace(/-/g, '_') as ImportFormat;
  if (importFormats.includes(format)) return format;
  const names = importFormats.map((name) => name.toLowerCase()).join(', ');
  throw new UsageError(`--format takes one of ${names}.`);
}

export async function mappingOption(file: string | undefined): Promise<Record<string, string> | null> {
  if (file === undefined) return null;
  const value = await jsonFile(file, '--mapping');
  const isMapping =
    value !== null &&
    typeof value === 'object' &&
    Object.values(value).every((target) => typeof target === 'string');
  if (isMapping) return value as Record<string, string>;
  throw new UsageError('--mapping takes a JSON file: an object of column names and paths.');
}

export async function firebaseOption(file: string | undefined): Promise<FirebaseHashConfig | null> {
  if (file === undefined) return null;
  return readFirebaseConfig(JSON.stringify(await jsonFile(file, '--firebase-config')));
}

async function jsonFile(file: string, option: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as unknown;
  } catch (error) {
    const reason = error instanceof SyntaxError ? 'it is not JSON' : (error as Error).message;
    throw new UsageError(`The file of ${option} cannot be read: ${reason}.`);
  }
}

export function delimiterOption(text: string | undefined): string {
  const delimiter = text === undefined ? ',' : text === '\\t' || text === 'tab' ? '\t' : text;
  if (delimiter.length === 1) return delimiter;
  throw new UsageError('--csv-delimiter takes one character.');
}
