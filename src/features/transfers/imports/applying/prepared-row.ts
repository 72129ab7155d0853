import type { Finding, NativeObject } from '#src/features/transfers/formats/import-format';
import { checkNative, type NativeRules } from '#src/features/transfers/formats/native/check-native';
import type { NativeRow } from '#src/features/transfers/formats/native/native-row';
import { firebaseMembers } from '#src/features/transfers/formats/password-strings';
import type { KeptFirebase } from '#src/features/transfers/imports/import-options';
import { hashOfKey, keysOf } from '#src/features/transfers/imports/staging/row-keys';
import type { StagedRow } from '#src/features/transfers/imports/staging/staged-row';
import {
  checkFirebaseHash,
  checkImportedHash,
  checkPasswordHash,
  isHashProblem,
  type CheckedHash,
} from '#src/features/passwords/hashes/check-imported-hash';

/** A row after every check that needs no database. */
export interface PreparedRow {
  readonly index: number;
  readonly line: number | null;
  /** As it was sent, for the report and for another try. */
  readonly source: NativeObject | null;
  /** Null: it fails, or is left out. */
  readonly row: NativeRow | null;
  /** The hash as it is stored; null: no password. */
  readonly passwordHash: string | null;
  /** What made the hash: `bcrypt`, `pbkdf2-sha256` … */
  readonly passwordKind: string | null;
  readonly errors: readonly Finding[];
  readonly warnings: readonly Finding[];
  /** Hashes of its identifiers within the file. */
  readonly keys: readonly string[];
}

/** What a row is checked against. */
export interface RowRules extends NativeRules {
  /** Of the Firebase project that the rows come from. */
  readonly firebase: KeptFirebase | null;
}

export function prepareRow(staged: StagedRow, rules: RowRules): PreparedRow {
  const { index, line, row: source } = staged;
  const checked = source === null || staged.errors.length > 0 ? null : checkNative(source, rules);
  const errors = checked === null ? staged.errors : [...staged.errors, ...checked.errors];
  const warnings = checked === null ? staged.warnings : [...staged.warnings, ...checked.warnings];
  const row = checked?.row ?? null;
  if (row === null) {
    const none = { row, passwordHash: null, passwordKind: null, keys: [] };
    return { index, line, source, errors, warnings, ...none };
  }
  const password = checkPassword(row, rules);
  const isWrong = errors.length > 0 || password.errors.length > 0;
  return {
    index,
    line,
    source,
    row: isWrong ? null : row,
    passwordHash: password.stored,
    passwordKind: password.kind,
    errors: [...errors, ...password.errors],
    warnings: [...warnings, ...password.warnings],
    keys: keysOf(row as NativeObject).map(hashOfKey),
  };
}

interface CheckedPassword {
  readonly stored: string | null;
  readonly kind: string | null;
  readonly errors: readonly Finding[];
  readonly warnings: readonly Finding[];
}

/** A hash that cannot be verified is an error in native rows; people of other products come in without a password instead. */
function checkPassword(row: NativeRow, rules: RowRules): CheckedPassword {
  const member = row.password_hash !== undefined ? 'password_hash' : 'custom_password_hash';
  const value = row[member];
  if (value === undefined) return { stored: null, kind: null, errors: [], warnings: [] };
  const checked = member === 'password_hash' ? checkPasswordHash(value) : checkCustomHash(value, rules);
  if (!isHashProblem(checked)) {
    const cost = /^\$2[aby]\$(\d\d)\$/.exec(row.password_hash ?? '')?.[1];
    const warnings =
      cost === undefined || cost === '10'
        ? []
        : [{ code: 'BCRYPT_COST_NOT_10', message: 'The bcrypt cost is not 10.', path: member }];
    return { stored: checked.stored, kind: checked.algorithm, errors: [], warnings };
  }
  const { code, message, path } = checked;
  const finding = { code, message, path: path === '' ? member : `${member}.${path}` };
  return rules.isVendor && code === 'HASH_UNSUPPORTED'
    ? { stored: null, kind: null, errors: [], warnings: [finding] }
    : { stored: null, kind: null, errors: [finding], warnings: [] };
}

function checkCustomHash(value: unknown, { firebase, isVendor }: RowRules): CheckedHash {
  const members = firebase !== null && isVendor ? firebaseMembers(value as NativeObject) : null;
  return members === null || firebase === null
    ? checkImportedHash(value)
    : checkFirebaseHash(members, firebase);
}
