import { metadataErrors } from './metadata.errors';
import { isObject, storePaths, type MetadataObject, type StoreName } from './metadata-store';
import { commonErrors } from '#src/shared/errors';

export interface MetadataLimits {
  /** Bytes of the UTF-8 JSON of both stores together. */
  readonly softLimitBytes: number;
  readonly hardLimitBytes: number;
  readonly maxDepth: number;
  readonly maxKeyLength: number;
  readonly maxSignUpFields: number;
  readonly maxSignUpTextLength: number;
}

export const metadataLimits: MetadataLimits = {
  softLimitBytes: 10 * 1024,
  hardLimitBytes: 1024 * 1024,
  maxDepth: 16,
  maxKeyLength: 255,
  maxSignUpFields: 10,
  maxSignUpTextLength: 500,
};

/** Names that mean something else at the top of `app_metadata`, where they would shadow the profile's own attributes. */
const reservedNames = new Set([
  '__tenant',
  '_id',
  'blocked',
  'clientID',
  'created_at',
  'email',
  'email_verified',
  'globalClientID',
  'global_client_id',
  'identities',
  'lastIP',
  'lastLogin',
  'loginsCount',
  'metadata',
  'multifactor',
  'multifactor_last_modified',
  'updated_at',
  'user_id',
]);

// SECURITY: prototype pollution; a merge of such a key could reach every object of the process.
const prototypeKeys = new Set(['__proto__', 'prototype', 'constructor']);

/** Refuses a patch that is not an object, is nested too deeply or holds a key or text that cannot be stored. */
export function checkPatch(
  patch: unknown,
  store: StoreName,
  limits: MetadataLimits = metadataLimits,
): MetadataObject {
  if (!isObject(patch)) {
    throw commonErrors.VALIDATION_FAILED({
      message: 'patch must be a JSON object.',
      extensions: { field: 'patch' },
    });
  }
  for (const key of Object.keys(patch)) {
    if (store === 'app' && reservedNames.has(key)) {
      throw metadataErrors.RESERVED_METADATA_KEY({
        message: `"${key}" is reserved and cannot stand at the top of app_metadata.`,
        extensions: { path: `${storePaths.app}.${key}` },
      });
    }
  }
  checkBelow(patch, storePaths[store], 1, limits);
  return patch;
}

function checkBelow(value: unknown, path: string, depth: number, limits: MetadataLimits): void {
  if (typeof value === 'string') return checkText(value, path);
  if (value === null || typeof value !== 'object') return;
  if (depth > limits.maxDepth) {
    throw metadataErrors.METADATA_TOO_DEEP({
      message: `Metadata may be nested at most ${limits.maxDepth} levels deep.`,
      extensions: { path: shorten(path), limit: limits.maxDepth },
    });
  }
  if (Array.isArray(value)) {
    for (const item of value) checkBelow(item, path, depth + 1, limits);
    return;
  }
  for (const [key, item] of Object.entries(value)) {
    checkKey(key, path, limits.maxKeyLength);
    checkBelow(item, `${path}.${key}`, depth + 1, limits);
  }
}

function checkKey(key: string, path: string, longest: number): void {
  const wrong = key === '' || [...key].length > longest || /[.$]/.test(key) || prototypeKeys.has(key);
  if (!wrong) return checkText(key, path);
  throw metadataErrors.INVALID_METADATA_KEY({
    message: `A key below ${shorten(path)} is not allowed. Keys have 1 to ${longest} characters, without "." and "$".`,
    extensions: { path: `${shorten(path)}.${shorten(key)}` },
  });
}

function checkText(text: string, path: string): void {
  // U+0000 and half surrogates cannot be stored as they are on every database.
  if (!text.includes('\u0000') && !/\p{Surrogate}/u.test(text)) return;
  throw commonErrors.VALIDATION_FAILED({
    message: `A text at ${shorten(path)} holds characters that are not valid text.`,
    extensions: { field: 'patch', path: shorten(path) },
  });
}

function shorten(text: string): string {
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}

/** Bytes of both stores as UTF-8 JSON. */
export function sizeOf(user: MetadataObject, app: MetadataObject): number {
  return Buffer.byteLength(JSON.stringify(user)) + Buffer.byteLength(JSON.stringify(app));
}

/** Refuses metadata above the hard limit; above the soft limit it answers a warning for the caller. */
export function checkSize(bytes: number, limits: MetadataLimits): readonly string[] {
  if (bytes > limits.hardLimitBytes) {
    throw metadataErrors.PROFILE_TOO_LARGE({
      message: `The metadata of one user may have at most ${limits.hardLimitBytes} bytes in all.`,
      extensions: { limit: limits.hardLimitBytes, current: bytes },
    });
  }
  if (bytes <= limits.softLimitBytes) return [];
  return [
    `The metadata of this user has ${bytes} bytes; above ${limits.softLimitBytes} bytes reads and searches become slower. Keep large data elsewhere.`,
  ];
}

/** What somebody who signs up may bring along as user_metadata: few short texts, and nothing else. */
export function checkSignUpMetadata(
  fields: unknown,
  limits: MetadataLimits = metadataLimits,
): Readonly<Record<string, string>> {
  const checked = checkPatch(fields, 'user', limits);
  const { maxSignUpFields: most, maxSignUpTextLength: longest } = limits;
  if (Object.keys(checked).length > most) {
    throw commonErrors.VALIDATION_FAILED({
      message: `At most ${most} fields of user_metadata may be given at sign-up.`,
      extensions: { field: 'user_metadata', limit: most },
    });
  }
  for (const [key, value] of Object.entries(checked)) {
    if (typeof value === 'string' && [...value].length <= longest) continue;
    throw commonErrors.VALIDATION_FAILED({
      message: `${shorten(key)} must be a text of at most ${longest} characters.`,
      extensions: { field: `user_metadata.${shorten(key)}`, limit: longest },
    });
  }
  return checked as Readonly<Record<string, string>>;
}
