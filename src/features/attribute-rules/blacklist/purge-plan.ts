import { segmentsOf } from '#src/access/attribute-path';
import { stripBlacklisted } from '#src/access/blacklist';
import type { Policy } from '#src/access/policy';

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
  };
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
