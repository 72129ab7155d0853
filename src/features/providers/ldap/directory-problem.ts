import { InvalidCredentialsError, ResultCodeError } from 'ldapts';

/** Why a directory did not let somebody in. */
export type DirectoryProblem =
  /** The password is wrong: counted as a guess. */
  | 'WRONG_PASSWORD'
  /** The directory knows why, and the password may well be right: locked, disabled, outside the allowed hours. Not counted. */
  | 'REFUSED'
  /** The password has to be changed in the directory first. Not counted. */
  | 'PASSWORD_EXPIRED'
  /** It did not answer, or not about the password. Not counted. */
  | 'UNAVAILABLE';

/** Sub-codes of Active Directory in the text of result 49, such as `data 52e`. */
const subCodes: Readonly<Record<string, DirectoryProblem>> = {
  '525': 'WRONG_PASSWORD',
  '52e': 'WRONG_PASSWORD',
  '530': 'REFUSED',
  '531': 'REFUSED',
  '532': 'PASSWORD_EXPIRED',
  '533': 'REFUSED',
  '701': 'REFUSED',
  '773': 'PASSWORD_EXPIRED',
  '775': 'REFUSED',
};

/** What the failure of a user's bind means. */
export function bindProblem(error: unknown): DirectoryProblem {
  if (error instanceof InvalidCredentialsError) {
    const code = /\bdata ([0-9a-f]{3})\b/i.exec(error.message)?.[1]?.toLowerCase();
    return code === undefined ? 'WRONG_PASSWORD' : (subCodes[code] ?? 'WRONG_PASSWORD');
  }
  return error instanceof ResultCodeError && refusals.has(error.code) ? 'REFUSED' : 'UNAVAILABLE';
}

/** inappropriateAuthentication, unwillingToPerform and constraintViolation (RFC 4511 appendix A). */
const refusals = new Set([19, 48, 53]);
