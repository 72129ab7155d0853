import { createHmac } from 'node:crypto';
import type { AttributeRule } from '#src/access/policy';

/**
 * What a masked attribute shows instead of its value. Only texts can be masked in part; any other value becomes null.
 * HASH is keyed, so that equal values can be told apart from unequal ones but not guessed.
 */
export function maskValue(mask: AttributeRule['mask'], value: unknown, key: Buffer): unknown {
  if (value === null || value === undefined || mask === null || mask === 'NULL') return null;
  if (mask === 'FIXED') return typeof value === 'string' ? '***' : null;
  if (typeof value !== 'string') return null;
  if (mask === 'LAST4') return lastFour(value);
  if (mask === 'EMAIL_LOCAL') return maskLocalPart(value);
  return createHmac('sha256', key).update(value).digest('base64url');
}

/** A text of four characters or fewer shows nothing of itself. */
function lastFour(value: string): string {
  const characters = [...value];
  const shown = characters.length > 4 ? characters.slice(-4).join('') : '';
  return '***' + shown;
}

function maskLocalPart(value: string): string {
  const at = value.lastIndexOf('@');
  return at < 1 ? '***' : `${value.slice(0, 1)}***${value.slice(at)}`;
}
