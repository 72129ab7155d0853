import { createHash } from 'node:crypto';
import { readConnectionOptions } from '#src/features/connections/connection-options';
import { localPart } from '#src/features/users/identifiers/email-address';

/** Where pictures come from for a user who has none. */
export interface PictureSettings {
  /** Off: users without a picture get their initials, and no e-mail hash leaves the gateway. */
  readonly gravatar: boolean;
  /** Start of the URL of an initials image; `<letters>.svg` follows. */
  readonly initialsBaseUrl: string;
  /** URL of the image for users of whom there is none, instead of their initials; absent or null: the initials. */
  readonly defaultImage?: string | null;
}

/** The settings as configured; `issuer` and `initials` stand for what the gateway has itself. */
export function pictureSettings(
  config: { readonly gravatar: boolean; readonly initialsBaseUrl: string; readonly defaultImage: string },
  issuer: string,
): PictureSettings {
  const own = config.initialsBaseUrl === 'issuer';
  return {
    gravatar: config.gravatar,
    initialsBaseUrl: own ? `${issuer}/pictures/initials/` : config.initialsBaseUrl,
    defaultImage: config.defaultImage === 'initials' ? null : config.defaultImage,
  };
}

/** Where a picture comes from. */
export type PictureSourceName = 'METADATA' | 'PROVIDER' | 'GRAVATAR' | 'INITIALS' | 'TENANT_DEFAULT';

/** The settings for users of a connection: it may switch Gravatar on or off for itself. */
export function settingsFor(
  settings: PictureSettings,
  connection: { readonly options: unknown } | null,
): PictureSettings {
  const gravatar = connection === null ? null : readConnectionOptions(connection.options).gravatar;
  return gravatar === null ? settings : { ...settings, gravatar };
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

export interface GeneratedPicture {
  readonly url: string;
  readonly source: 'GRAVATAR' | 'INITIALS' | 'TENANT_DEFAULT';
}

const usualSize = 480;

/** The Gravatar URL of the e-mail address with the fallback inside, or the fallback: the configured image, else the initials. */
export function generatePicture(
  inputs: PictureInputs,
  settings: PictureSettings,
  size: number = usualSize,
): GeneratedPicture {
  const { defaultImage = null, initialsBaseUrl } = settings;
  const fallback = defaultImage ?? `${initialsBaseUrl}${encodeURIComponent(initialsOf(inputs))}.svg`;
  if (!settings.gravatar || !inputs.email)
    return { url: fallback, source: defaultImage === null ? 'INITIALS' : 'TENANT_DEFAULT' };
  // Gravatar names its images by the MD5 of the trimmed, lower-cased address; nothing is protected by this hash.
  const hash = createHash('md5').update(inputs.email.trim().toLowerCase()).digest('hex');
  const url = `https://www.gravatar.com/avatar/${hash}?s=${size}&r=${rating}&d=${encodeURIComponent(fallback)}`;
  return { url, source: 'GRAVATAR' };
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
