import { commonErrors } from '#src/shared/errors';

/** One address as mail servers take it: no list, no name, no comment. */
const address = /^[^\s<>()[\]"@,;:\\\p{Cc}]+@[^\s<>()[\]"@,;:\\\p{Cc}]+$/u;
const longest = 254;

export function isMailAddress(value: string): boolean {
  return value.length <= longest && address.test(value);
}

/**
 * SECURITY: header injection: a line break in an address or a subject would begin a header of the attacker's, and a comma a
 * further recipient. Such values are refused, never cleaned.
 */
export function checkedAddress(field: string, value: string): string {
  if (isMailAddress(value)) return value;
  throw commonErrors.VALIDATION_FAILED({
    message: 'This is no single mail address.',
    extensions: { field },
  });
}

export function checkedSubject(value: string): string {
  if (value !== '' && !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(value)) return value;
  throw commonErrors.VALIDATION_FAILED({
    message: 'The subject of a message is one line without control characters.',
    extensions: { field: 'subject' },
  });
}

export interface Sender {
  readonly name: string;
  readonly address: string;
}

/** `Name <name@example.com>` or the address alone; the configuration has checked it. */
export function senderOf(from: string): Sender {
  const parts = /^(.+) <([^<>]+)>$/.exec(from);
  return parts ? { name: parts[1] as string, address: parts[2] as string } : { name: '', address: from };
}
