import { createHash } from 'node:crypto';
import type { Call } from '#src/access/call';
import type { ImportOptions } from './import-options';

/** SECURITY: a key is its maker's: nobody learns of another caller's job by guessing keys. */
export function keyOf({ principal }: Pick<Call, 'principal'>, key: string): string {
  return createHash('sha256')
    .update(JSON.stringify([principal.kind, principal.subject, key]))
    .digest('hex');
}

/** By what the same file with the same options is recognised. */
export function hashOf(content: string, connection: string, options: ImportOptions): string {
  return createHash('sha256')
    .update(JSON.stringify([content, connection, options]))
    .digest('hex');
}
