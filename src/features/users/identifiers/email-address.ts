/** Longest local part and whole address (RFC 5321, section 4.5.3.1, less the angle brackets of a path). */
const longestLocalPart = 64;
const longestAddress = 254;

// Atoms of RFC 5322, section 3.2.3, and any letter beyond ASCII (RFC 6531); quoted local parts are refused.
const atom = /^[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+$/u;
const label = /^[\p{L}\p{N}]([\p{L}\p{N}-]*[\p{L}\p{N}])?$/u;

/** Whether the text is an e-mail address of the form `local@host.domain`, within the limits of the standard. */
export function isEmailAddress(text: string): boolean {
  const at = text.lastIndexOf('@');
  if (at < 1 || text.length > longestAddress || at > longestLocalPart) return false;
  const labels = text.slice(at + 1).split('.');
  return (
    text
      .slice(0, at)
      .split('.')
      .every((part) => atom.test(part)) &&
    labels.length > 1 &&
    labels.every((part) => part.length <= 63 && label.test(part))
  );
}

/** The part before the last `@`. */
export function localPart(email: string): string {
  return email.slice(0, email.lastIndexOf('@'));
}

/** The part behind the last `@`, in lower case. */
export function domainOf(email: string): string {
  return email.slice(email.lastIndexOf('@') + 1).toLowerCase();
}
