import type { KnownFormat } from '#src/features/transfers/formats/import-format';
import type { JsonLayout } from './json-elements';

/** What the beginning of a file says about it. */
export interface Detected {
  readonly format: KnownFormat | null;
  readonly layout: JsonLayout;
}

const csvLayout: JsonLayout = { kind: 'lines' };

/** Looks at the beginning of a file (64 KB are enough). `named`: the format is known, and only the layout is asked for. */
export function detectFormat(head: Buffer, named: KnownFormat | null): Detected {
  const text = head.toString('utf8').trimStart();
  if (text.startsWith('[')) return { format: named ?? formatOfRecord(text), layout: { kind: 'array' } };
  if (text.startsWith('{')) return detectObject(text, named);
  return { format: named ?? formatOfCsv(text), layout: csvLayout };
}

/** An object with an array of users in it, one record, or the first of records on lines. */
function detectObject(text: string, named: KnownFormat | null): Detected {
  const member = /"(users|Users|Resources)"\s*:\s*\[/.exec(text)?.[1];
  if (member !== undefined && depthAt(text, text.indexOf(`"${member}"`)) === 1) {
    const inside = text.slice(text.search(new RegExp(`"${member}"\\s*:\\s*\\[`)));
    const format =
      member === 'Resources'
        ? 'SCIM'
        : member === 'Users'
          ? 'COGNITO_JSON'
          : keycloakOrFirebase(text, inside);
    return { format: named ?? format, layout: { kind: 'member', name: member } };
  }
  const firstLine = text.slice(0, text.indexOf('\n') < 0 ? text.length : text.indexOf('\n')).trim();
  const isWhole = isJson(firstLine);
  const format = named ?? formatOfRecord(text);
  // A record that ends with its first line is the first of many; else the file is one record over many lines.
  return {
    format,
    layout: { kind: isWhole || text.length > 60_000 ? 'lines' : isOneRecord(text) ? 'single' : 'lines' },
  };
}

function isOneRecord(text: string): boolean {
  const firstLine = text.slice(0, text.indexOf('\n') < 0 ? text.length : text.indexOf('\n')).trim();
  return firstLine === '{' || isJson(text.trim());
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function depthAt(text: string, end: number): number {
  let depth = 0;
  let isInString = false;
  for (let at = 0; at < end; at += 1) {
    const character = text[at];
    if (isInString) {
      if (character === '\\') at += 1;
      else if (character === '"') isInString = false;
    } else if (character === '"') isInString = true;
    else if (character === '{' || character === '[') depth += 1;
    else if (character === '}' || character === ']') depth -= 1;
  }
  return depth;
}

function keycloakOrFirebase(text: string, inside: string): KnownFormat | null {
  if (/"localId"\s*:/.test(inside)) return 'FIREBASE_JSON';
  if (/"realm"\s*:/.test(text) || /"(username|credentials|requiredActions|emailVerified)"\s*:/.test(inside))
    return 'KEYCLOAK';
  return /"email"\s*:/.test(inside) ? 'NATIVE' : null;
}

/** The members that only one product has, in the first records. */
const marks: readonly (readonly [KnownFormat, RegExp])[] = [
  ['GIGYA', /"UID"\s*:/],
  ['SCIM', /urn:ietf:params:scim|"userName"\s*:/],
  ['OKTA', /"profile"\s*:\s*\{[^}]*"login"\s*:/],
  ['FIREBASE_JSON', /"localId"\s*:/],
  ['COGNITO_JSON', /"Username"\s*:|"Attributes"\s*:/],
  ['STORMPATH', /"(givenName|surname|emailVerificationStatus|customData)"\s*:/],
  ['KEYCLOAK', /"(createdTimestamp|requiredActions|secretData|emailVerified)"\s*:/],
];

function formatOfRecord(text: string): KnownFormat | null {
  const found = marks.find(([, mark]) => mark.test(text));
  return found?.[0] ?? 'NATIVE';
}

function formatOfCsv(text: string): KnownFormat | null {
  const line = text.slice(0, text.indexOf('\n') < 0 ? text.length : text.indexOf('\n')).trim();
  if (line.includes('cognito:username')) return 'COGNITO_CSV';
  if (/(^|[,;\t])"?email"?([,;\t]|$)/.test(line)) return 'CSV';
  return line.split(',').length >= 28 ? 'FIREBASE_CSV' : null;
}
