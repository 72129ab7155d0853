import { commonErrors } from '#src/shared/errors';

const maximumLength = 1000;

/** Spellings of the API and of rules that mean a stored attribute. */
const rootAliases = new Map<string, readonly string[]>([
  ['metadata.user', ['user_metadata']],
  ['metadata.app', ['app_metadata']],
]);

/** Containers below which names are the stored ones and are never respelled. */
const verbatimBelow = new Set(['user_metadata', 'app_metadata', 'attributes']);

/**
 * The one spelling under which an attribute is ruled: `User.phoneNumber`, `phoneNumber` and `phone_number` are the same path.
 * Array positions (`identities[0]`, `identities[].provider`, `identities.0`) are dropped: a rule holds for every element.
 * A claim name that is a URI (`https://acme.example/age`, `urn:oid:2.5.4.42`) stays one segment. Refuses empty segments and paths over 1,000 characters with BAD_USER_INPUT.
 */
export function canonicalPath(text: string): string {
  return segmentsOf(text).join('.');
}

/** The segments of a canonical path. Metadata keys hold no dots, URI claims are one segment. */
export function segmentsOf(text: string): readonly string[] {
  const known = parsed.get(text);
  if (known) return known;
  const segments = parsePath(text);
  // Bounded: paths come from rules, the schema and metadata keys; a caller cannot fill the memory.
  if (parsed.size >= 10_000) parsed.clear();
  parsed.set(text, segments);
  return segments;
}

const parsed = new Map<string, readonly string[]>();

function parsePath(input: string): readonly string[] {
  const text = input.normalize('NFC').trim();
  if (text === '' || text.length > maximumLength) throw invalidPath(input);
  const parts = text.split('.');
  const names = parts.map((part) => part.replace(/\[(\d*|\*)\]/g, '').replace(/^"(.*)"$/, '$1'));
  const claimAt = isMetadata(names) ? -1 : names.findIndex(isUri);
  if (claimAt < 0) return spell(rooted(names), input);
  // The name of a claim that is a URI holds dots of its own, so it ends the path.
  const claim = parts.slice(claimAt).join('.');
  return claimAt === 0 ? [claim] : [...spell(rooted(names.slice(0, claimAt)), input), claim];
}

/** SECURITY: keys of metadata hold no dots, so a key such as `a://b` never makes a claim out of a path below a ruled store. */
function isMetadata(names: readonly string[]): boolean {
  return verbatimBelow.has(snakeCase(rooted(names)[0] ?? '')) && rooted(names)[0] !== 'attributes';
}

/** `https:`, `urn:`: the beginning of a claim name that is a URI. */
function isUri(name: string): boolean {
  return /^[A-Za-z][\w+-]*:/.test(name);
}

function rooted(names: readonly string[]): readonly string[] {
  const below = names[0] === 'User' && names.length > 1 ? names.slice(1) : names;
  const alias = rootAliases.get(below.slice(0, 2).join('.'));
  return alias ? [...alias, ...below.slice(2)] : below;
}

/**
 * The path of a member of a JSON attribute, spelled as a rule about it is: below metadata and `attributes` names are the stored ones,
 * elsewhere `phoneNumber` is `phone_number`; a dot inside the name of a claim separates, unless the name is a URI.
 */
export function memberPath(path: readonly string[], key: string): readonly string[] {
  const name = key.normalize('NFC');
  const isVerbatim = path.length > 0 && verbatimBelow.has(path[0] as string);
  const names = isUri(name) ? [name] : name.split('.').filter((part) => part !== '');
  return [...path, ...(isVerbatim || isUri(name) ? names : names.map(snakeCase))];
}

function spell(segments: readonly string[], input: string): readonly string[] {
  const spelled: string[] = [];
  for (const segment of segments) {
    if (segment === '') throw invalidPath(input);
    const verbatim = spelled.length > 0 && verbatimBelow.has(spelled[0] as string);
    if (!verbatim && /^\d+$/.test(segment)) continue;
    spelled.push(verbatim ? segment : snakeCase(segment));
  }
  if (spelled.length === 0) throw invalidPath(input);
  return spelled;
}

function snakeCase(name: string): string {
  return /^[A-Za-z][A-Za-z0-9]*$/.test(name)
    ? name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase()
    : name.toLowerCase();
}

function invalidPath(input: string): Error {
  return commonErrors.BAD_USER_INPUT({
    message: `"${input.slice(0, 100)}" is not an attribute path. Write names separated by dots, for example user_metadata.plan.`,
    extensions: { field: 'path' },
  });
}

/** How a rule's path lies to an attribute: over it (or equal), below it, or apart from it. */
export type PathRelation = 'covers' | 'inside' | 'apart';

/** `*` stands for one segment, `**` for any number, none included. */
export function relatePath(pattern: readonly string[], path: readonly string[]): PathRelation {
  for (let at = 0; at < pattern.length; at += 1) {
    if (pattern[at] === '**') return relateBehind(pattern, path, at);
    if (at >= path.length) return 'inside';
    if (pattern[at] !== '*' && pattern[at] !== path[at]) return 'apart';
  }
  return 'covers';
}

/**
 * The same from the first `**` on, at `from` of both. SECURITY: trying one length after the other for each `**` takes exponential time, and
 * one stored rule is asked by every request; so all places of the pattern that the path may have come to are followed at once.
 */
function relateBehind(pattern: readonly string[], path: readonly string[], from: number): PathRelation {
  let places = new Set([from]);
  for (let at = from; ; at += 1) {
    // A `**` may stand for nothing; what is added while the set is walked is walked too.
    for (const place of places) if (pattern[place] === '**') places.add(place + 1);
    if (places.has(pattern.length)) return 'covers';
    if (at >= path.length) return places.size > 0 ? 'inside' : 'apart';
    const next = new Set<number>();
    for (const place of places) {
      if (pattern[place] === '**') next.add(place);
      else if (pattern[place] === '*' || pattern[place] === path[at]) next.add(place + 1);
    }
    if (next.size === 0) return 'apart';
    places = next;
  }
}
