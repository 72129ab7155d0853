import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { attackErrors } from './attack-protection.errors';
import type { Clock, Instant } from '#src/shared/clock';

/** Who tries what: counted together are the guesses at one identifier from one network. */
export interface AttemptKey {
  readonly connection: string;
  /** Folded. */
  readonly identifier: string;
  readonly ip: string | null;
}

export interface FailedAttempts {
  /** Counts an attempt. Throws TOO_MANY_ATTEMPTS with `retryAfter` in seconds, before any password is hashed. */
  begin(key: AttemptKey): Attempt;
}

/** One attempt that is under way; it counts as failed until it is known to be none. */
export interface Attempt {
  /** The right password: the count starts anew. */
  succeeded(): void;
  /** Nothing was learned about the password, for example because the database was not there. */
  undecided(): void;
}

interface Count {
  failures: number;
  lastAt: Instant;
}

export interface AttemptLimits {
  readonly failures: number;
  /** How long after the last failure the next attempt is let through. */
  readonly lockMs: number;
  /** How many keys are remembered; the one not used for longest is forgotten first. */
  readonly keys: number;
}

export const defaultAttemptLimits: AttemptLimits = { failures: 10, lockMs: 15 * 60_000, keys: 50_000 };

/**
 * Slows down guessing of passwords. Counts live in the memory of this process: each node counts by itself and a restart forgets.
 * An identifier is locked for the guesser's network alone, so that strangers cannot lock a user out.
 */
export function createFailedAttempts(
  clock: Clock,
  limits: AttemptLimits = defaultAttemptLimits,
): FailedAttempts {
  const counts = new LRUCache<string, Count>({ max: limits.keys });
  return {
    begin: (key) => {
      const name = nameOf(key);
      const now = clock.now();
      const known = counts.get(name);
      const isForgiven = known !== undefined && now - known.lastAt >= limits.lockMs;
      const count = known === undefined || isForgiven ? { failures: 0, lastAt: now } : known;
      if (count.failures >= limits.failures) {
        const retryAfter = Math.ceil((count.lastAt + limits.lockMs - now) / 1_000);
        throw attackErrors.TOO_MANY_ATTEMPTS({ extensions: { retryAfter } });
      }
      // SECURITY: guesses sent at the same time; each is counted before its password is looked at.
      count.failures += 1;
      count.lastAt = now;
      counts.set(name, count);
      return {
        succeeded: () => void counts.delete(name),
        undecided: () => void (count.failures -= 1),
      };
    },
  };
}

function nameOf({ connection, identifier, ip }: AttemptKey): string {
  // A hash keeps every entry the same size, whatever was typed, and nothing that was typed in memory.
  return createHash('sha256')
    .update(JSON.stringify([connection, identifier, networkOf(ip)]))
    .digest('base64');
}

/** An IPv4 address stands for itself, an IPv6 address for its /64, which one subscriber has for himself. */
export function networkOf(ip: string | null): string {
  if (ip === null || !ip.includes(':')) return ip ?? '';
  const mapped = /^::ffff:(\d+(?:\.\d+){3})$/i.exec(ip);
  if (mapped) return mapped[1] as string;
  const [head = '', tail] = (ip.split('%')[0] as string).toLowerCase().split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const gap = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  const groups = [...before, ...Array.from({ length: gap }, () => '0'), ...after];
  return groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':');
}
