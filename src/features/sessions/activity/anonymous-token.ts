import type { Principal } from '#src/access/principal';
import type { Ids } from '#src/shared/ids';
import { hashSecret } from '#src/shared/secret-hash';

const tokenForm = /^ans_[\w-]{43}$/;
const subjectPrefix = 'anon|';

/** What a visitor's program keeps in order to come back: 256 random bits; its hash is stored. */
export function newAnonymousToken(ids: Ids): string {
  return `ans_${ids.secret(32)}`;
}

/** The hash under which the token is stored; null for what cannot be one. */
export function hashAnonymousToken(token: string): string | null {
  return tokenForm.test(token) ? hashSecret(token) : null;
}

/** The `sub` of a visitor's access token: no user has such an id. */
export function anonymousSubject(id: string): string {
  return `${subjectPrefix}${id}`;
}

/** The anonymous session that a subject stands for; null: it is somebody else. */
export function anonymousIdOf(subject: string): string | null {
  return subject.startsWith(subjectPrefix) ? subject.slice(subjectPrefix.length) : null;
}

/** The anonymous session of the caller; null when it has none. */
export function visitOf({ kind, subject }: Pick<Principal, 'kind' | 'subject'>): string | null {
  return kind === 'anonymous' ? anonymousIdOf(subject) : null;
}
