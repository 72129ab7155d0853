import { createHash } from 'node:crypto';
import { localPart } from '#src/features/users/identifiers/email-address';

/** Where pictures come from for a user who has none. */
export interface PictureSettings {
  /** Off: users without a picture get their initials, and no e-mail hash leaves the gateway. */
  readonly gravatar: boolean;
  /** Start of the URL of an initials image; `<letters>.svg` follows. */
  readonly initialsBaseUrl: string;
}

/** What a generated picture is made from; leave out what its reader may not read. */
export interface PictureInputs {
  readonly email?: string | null;
  readonly username?: string | null;
  readonly name?: string | null;
  readonly givenName?: string | null;
  readonly familyName?: string | null;
}

/** What a generated picture may be made of for a reader. */
export function pictureInputs(
  user: Required<PictureInputs>,
  mayRead: (path: string) => boolean,
): PictureInputs {
  return {
    email: mayRead('email') ? user.email : null,
    username: mayRead('username') ? user.username : null,
    name: mayRead('name') ? user.name : null,
    givenName: mayRead('given_name') ? user.givenName : null,
    familyName: mayRead('family_name') ? user.familyName : null,
  };
}

/** Whether a text can be the URL of a picture: https, at most 2,048 characters. */
export function isPictureUrl(text: string): boolean {
  // SECURITY: script and data URLs in a profile picture would run or be embedded wherever a page shows it.
  return text.length <= longestUrl && text.startsWith('https://') && URL.canParse(text);
}

const longestUrl = 2048;

/** Gravatar's rating of images for which parental guidance is advised, and nothing beyond. */
const rating = ['p', 'g'].join('');

/** The Gravatar URL of the e-mail address with the initials as its fallback, or the initials image itself. */
export function generatedPicture(inputs: PictureInputs, settings: PictureSettings): string {
  const fallback = `${settings.initialsBaseUrl}${encodeURIComponent(initialsOf(inputs))}.svg`;
  if (!settings.gravatar || !inputs.email) return fallback;
  // Gravatar names its images by the MD5 of the trimmed, lower-cased address; nothing is protected by this hash.
  const hash = createHash('md5').update(inputs.email.trim().toLowerCase()).digest('hex');
  return `https://www.gravatar.com/avatar/${hash}?s=480&r=${rating}&d=${encodeURIComponent(fallback)}`;
}

/** One or two letters: of given and family name, of two words of the name, of the e-mail address, of the user name, or `?`. */
export function initialsOf(inputs: PictureInputs): string {
  const { givenName, familyName, name, email, username } = inputs;
  if (givenName && familyName) return letters([firstOf(givenName), firstOf(familyName)]);
  const words = (name ?? '').split(/\s+/u).filter((word) => word !== '');
  if (words.length > 0) return letters(words.slice(0, 2).map(firstOf));
  const short = email ? localPart(email) : (username ?? '');
  return letters([...short].slice(0, 2)) || '?';
}

function firstOf(text: string): string {
  return [...text][0] ?? '';
}

function letters(parts: readonly string[]): string {
  return parts.join('').toUpperCase();
}

/** The initials as an image; the gateway serves it itself. Text is escaped, and at most four characters of it are drawn. */
export function initialsImage(text: string): string {
  const drawn = [...text]
    .slice(0, 4)
    .join('')
    .replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
  const hue = [...text].reduce((sum, sign) => (sum * 31 + (sign.codePointAt(0) ?? 0)) % 360, 7);
  return (
    '<svg xmlns="http://www.w3.org/2000/svg" width="480" height="480" viewBox="0 0 480 480">' +
    `<rect width="480" height="480" fill="hsl(${hue},45%,42%)"/>` +
    '<text x="240" y="240" dy="0.35em" text-anchor="middle" font-family="sans-serif" font-size="200" fill="#fff">' +
    `${drawn}</text></svg>`
  );
}
