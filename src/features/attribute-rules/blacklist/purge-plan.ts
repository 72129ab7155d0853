import { segmentsOf } from '#src/access/attribute-path';
import { stripBlacklisted } from '#src/access/blacklist';
import type { Policy } from '#src/access/policy';
import { withoutClaims, type MappedNames } from '#src/features/connections/mapping/allowed-claims';

/** Where the values of listed names may stand. */
export interface PurgePlan {
  /** Root attributes with a column of their own, in their stored spelling. */
  readonly columns: readonly string[];
  /** Names looked for in the pass-through attributes of a user. */
  readonly claims: readonly string[];
  /** Names looked for in what an identity's provider said. */
  readonly profileClaims: readonly string[];
  /** Paths in user_metadata and app_metadata, with that root. */
  readonly metadata: readonly string[];
  /** Claims, in the words of a mapping, that stand beside what is listed. */
  readonly sources: readonly string[];
}

/** What is purged for a connection because its mapping has other names for what is listed. */
export function mappedPurgePlan(
  { attributes, claims }: MappedNames,
  columns: ReadonlySet<string>,
): PurgePlan {
  return { ...purgePlan(attributes, columns), sources: claims };
}

export function purgePlan(names: readonly string[], columns: ReadonlySet<string>): PurgePlan {
  const below = (root: string): string[] =>
    names.filter((name) => name.startsWith(`${root}.`)).map((name) => name.slice(root.length + 1));
  const metadata = names.filter((name) => /^(user|app)_metadata\./.test(name));
  const claims = names.filter((name) => !metadata.includes(name));
  return {
    columns: names.filter((name) => columns.has(name)),
    claims: [...claims, ...below('attributes')],
    profileClaims: [...claims, ...below('identities.profile_data')],
    metadata,
    sources: [],
  };
}

/** The claims of a user or an identity without these names and sources, or null when they hold none of them. */
export function withoutPlanned(
  content: Readonly<Record<string, unknown>> | null,
  names: readonly string[],
  { sources }: PurgePlan,
): Record<string, unknown> | null {
  if (!content) return null;
  const named = withoutNames(content, names);
  return withoutClaims(named ?? content, sources) ?? named;
}

/** The object without the named parts, or null when it holds none of them. */
export function withoutNames<Content extends object>(
  content: Content,
  names: readonly string[],
): Content | null {
  if (names.length === 0) return null;
  const { kept, stripped } = stripBlacklisted(listOf(names), {}, content);
  return stripped.length > 0 ? kept : null;
}

function listOf(names: readonly string[]): Policy {
  return {
    version: 0,
    rules: [],
    blacklist: names.map((name) => ({
      scope: 'TENANT' as const,
      scopeId: '',
      name: segmentsOf(name).join('.'),
    })),
  };
}
