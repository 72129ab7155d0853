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
 * A claim name that is a URI stays one segment. Refuses empty segments and paths over 1,000 characters with BAD_USER_INPUT.
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
  const { names, claim } = splitClaim(text);
  if (claim !== null && names === '') return [claim];
  const segments = names
    .replace(/\[(\d*|\*)\]/g, '')
    .split('.')
    .map((segment) => segment.replace(/^"(.*)"$/, '$1'));
  if (segments[0] === 'User' && segments.length > 1) segments.shift();
  const alias = rootAliases.get(segments.slice(0, 2).join('.'));
  if (alias) segments.splice(0, 2, ...alias);
  const spelled = spell(segments, input);
  return claim === null ? spelled : [...spelled, claim];
}

/**
 * A claim name that is a URI holds dots of its own, so it ends the path: `attributes.https://acme.example/age`. Keys of metadata hold
 * no dots, so there every dot separates.
 */
function splitClaim(text: string): { readonly names: string; readonly claim: string | null } {
  const start = /(?<=^|\.)[A-Za-z][\w+-]*:\/\//.exec(text)?.index;
  if (start === undefined || metadataPath.test(text)) return { names: text, claim: null };
  return { names: text.slice(0, Math.max(0, start - 1)), claim: text.slice(start) };
}

/** SECURITY: a key such as `a://b` inside a ruled store must not look like a claim outside of it. */
const metadataPath = /^(User\.)?(user_?metadata|app_?metadata|metadata\.(user|app))\./i;

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
export function relatePath(
  pattern: readonly string[],
  path: readonly string[],
  at = 0,
  into = 0,
): PathRelation {
  let p = at;
  let i = into;
  for (; p < pattern.length; p += 1, i += 1) {
    if (pattern[p] === '**') {
      let best: PathRelation = 'apart';
      for (let skip = i; skip <= path.length; skip += 1) {
        const relation = relatePath(pattern, path, p + 1, skip);
        if (relation === 'covers') return 'covers';
        if (relation === 'inside') best = 'inside';
      }
      return best;
    }
    if (i >= path.length) return 'inside';
    if (pattern[p] !== '*' && pattern[p] !== path[i]) return 'apart';
  }
  return 'covers';
}
