import { localPart } from '#src/features/users/identifiers/email-address';

/** What a name or a nickname that was never given is made of. */
export interface NameInputs {
  readonly email: string | null;
  readonly username: string | null;
  readonly phoneNumber: string | null;
  readonly givenName: string | null;
  readonly familyName: string | null;
}

/** Whether the reader may read an attribute of this user. */
export type MayRead = (path: string) => boolean;

/**
 * What stands in for a name that was never given: given and family name, e-mail address, phone number or user name, whichever the
 * reader may read first. It is made at each read and never stored.
 */
export function defaultName(user: NameInputs, mayRead: MayRead): string | null {
  // SECURITY: a name derived from a hidden attribute would reveal it, so each input needs its own permission.
  const given = mayRead('given_name') ? user.givenName : null;
  const family = mayRead('family_name') ? user.familyName : null;
  const full = [given, family].filter((part) => part !== null).join(' ');
  if (full !== '') return full;
  if (user.email !== null && mayRead('email')) return user.email;
  if (user.phoneNumber !== null && mayRead('phone_number')) return user.phoneNumber;
  return user.username !== null && mayRead('username') ? user.username : null;
}

/** What stands in for a nickname that was never given: the local part of the e-mail address, else the user name. */
export function defaultNickname(user: NameInputs, mayRead: MayRead): string | null {
  if (user.email !== null && mayRead('email')) return localPart(user.email);
  return user.username !== null && mayRead('username') ? user.username : null;
}
