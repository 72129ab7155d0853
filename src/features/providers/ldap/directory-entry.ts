import type { Entry } from 'ldapts';

/** Attributes whose values are bytes. */
export const binaryAttributes = ['objectGUID'] as const;

/** What is read of a user's entry; the mapping of the connection decides what becomes of it. */
export const readAttributes = ['*', 'entryUUID', 'objectGUID', 'memberOf'] as const;

/** Never taken over, whatever the directory shows to the account that searches. */
const secretAttributes = new Set(['userpassword', 'unicodepwd', 'sambantpassword', 'krbprincipalkey']);

/** The entry of a user as claims: single values as text, several as lists, the binary id in its usual form. */
export function entryClaims(entry: Entry, groups: readonly string[]): Readonly<Record<string, unknown>> {
  const claims: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(entry)) {
    if (secretAttributes.has(name.toLowerCase())) continue;
    const values = (Array.isArray(value) ? value : [value]).flatMap((one) => claimOf(name, one));
    if (values.length > 0) claims[name] = values.length === 1 ? values[0] : values;
  }
  return groups.length === 0 ? claims : { ...claims, groups };
}

function claimOf(name: string, value: Buffer | string): readonly string[] {
  if (typeof value === 'string') return [value];
  return name === 'objectGUID' && value.length === 16 ? [guidText(value)] : [];
}

/** Active Directory stores the first three groups in the byte order of small computers (MS-DTYP section 2.3.4). */
function guidText(bytes: Buffer): string {
  const hex = (from: number, to: number): string => bytes.subarray(from, to).toString('hex');
  const turned = (from: number, to: number): string =>
    Buffer.from(bytes.subarray(from, to)).reverse().toString('hex');
  return [turned(0, 4), turned(4, 6), turned(6, 8), hex(8, 10), hex(10, 16)].join('-');
}

/** Whether the entry says that its account is switched off: bit 2 of `userAccountControl`. */
export function isSwitchedOff(entry: Entry): boolean {
  const control = Number(entry.userAccountControl);
  return Number.isInteger(control) && (control & 2) !== 0;
}
