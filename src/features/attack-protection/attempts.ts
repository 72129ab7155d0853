import { createHash } from 'node:crypto';
import type { Call } from '#src/access/call';
import type { Instant } from '#src/shared/clock';
import type { Store } from '#src/storage/store';
import { attackErrors } from './attack-protection.errors';
import {
  deleteCounters,
  lockCounters,
  readCounters,
  saveCounters,
  untouched,
  type CounterRow,
} from './attempt-counter.repository';
import { blockedUntil, counted, takenBack, type CounterRule } from './counter-rules';
import { createWaitingAttempts, type WaitingAttempts } from './waiting-attempts';

/** One thing that is counted. */
export interface Counter {
  /** What is counted; part of the key. */
  readonly kind: string;
  /** What is counted together. */
  readonly of: readonly (string | null)[];
  readonly rule: CounterRule;
  /** Hash of the account that it is about; see `subjectOf`. */
  readonly subject?: string | null;
  readonly network?: string | null;
  /** A success ends the count; otherwise it only takes the attempt back. */
  readonly endsWithSuccess?: boolean;
  /** Successes count like failures. */
  readonly countsSuccess?: boolean;
  /** Counted when it has failed, and not while it is under way: for what many people share who do nothing wrong. */
  readonly countsAfterwards?: boolean;
}

/** One attempt that is under way; it counts as failed until it is known to be none. */
export interface Attempt {
  /** The proof was right. Inside the transaction of `store` where one is given. */
  succeeded(store?: Store): Promise<void>;
  /** Nothing was learned, for example because the database was not there. */
  undecided(): Promise<void>;
  /** The proof was wrong. Answers the kinds of counters that this attempt has filled: the next one will be refused. */
  failed(): Promise<readonly string[]>;
}

export interface AttemptOptions {
  /** False: what would be refused is let through; `blocked` hears of it. */
  readonly isEnforced: boolean;
  /** Told of each attempt that is, or would be, refused. */
  readonly blocked?: (kind: string) => void;
  /** What waits to be counted in the same database; without it each attempt finds out when its turn comes. */
  readonly waiting?: WaitingAttempts;
}

/**
 * Counts an attempt in all counters or, when one of them is full, in none. Then it throws TOO_MANY_ATTEMPTS with `retryAfter` in
 * seconds, before any password is looked at.
 * SECURITY: guesses sent at the same time, to several nodes; each is counted in the database before its password is looked at, but for counters
 * that count afterwards: these may be overrun by what is under way at once, and then refuse for so much longer.
 */
export async function beginAttempt(
  call: Call,
  counters: readonly Counter[],
  { isEnforced, blocked, waiting = createWaitingAttempts() }: AttemptOptions,
): Promise<Attempt> {
  const now = call.clock.now();
  const all = byKeyOf(counters);
  // A refusal must cost nobody else anything: what is full already is seen without waiting for the right to write.
  const stored = await readCounters(call.store, [...all.keys()]);
  const seen = fullOf(all, withWaiting(all, stored, waiting, now), now)[0] ?? null;
  const refuse = (full: FullCounter): void => {
    blocked?.(full.row.kind);
    if (isEnforced) throw tooMany(full.end, now);
  };
  if (seen !== null) refuse(seen);
  const byKey = byKeyOf(counters.filter((counter) => counter.countsAfterwards !== true));
  const { refused, ...kept } =
    byKey.size === 0
      ? { refused: null, ...nothingCounted }
      : await whileWaiting(waiting, [...byKey.keys()], (counting) =>
          call.store.transaction((store) => {
            counting();
            return countAll(store, byKey, isEnforced, now);
          }),
        );
  if (refused !== null && (isEnforced || seen === null)) refuse(refused);
  const later = byKeyOf(counters.filter((counter) => counter.countsAfterwards === true));
  return attemptOf(call, byKey, kept, { byKey: later, now });
}

function byKeyOf(counters: readonly Counter[]): ReadonlyMap<string, Counter> {
  return new Map(counters.map((counter) => [keyOf(counter), counter]));
}

/** A counter that lets nothing more through, and until when. */
interface FullCounter {
  readonly row: CounterRow;
  readonly end: Instant;
}

/** The counters as this attempt has left them. */
interface Counted {
  readonly rows: readonly CounterRow[];
  /** Keys of those that were full before. */
  readonly wasFull: ReadonlySet<string>;
}

const nothingCounted: Counted = { rows: [], wasFull: new Set() };

async function countAll(
  store: Store,
  byKey: ReadonlyMap<string, Counter>,
  isEnforced: boolean,
  now: Instant,
): Promise<Counted & { readonly refused: FullCounter | null }> {
  const stored = await lockCounters(store, freshRows(byKey), now);
  const full = fullOf(byKey, stored, now);
  const refused = full[0] ?? null;
  if (refused !== null && isEnforced) return { refused, ...nothingCounted };
  const rows = stored.map((row) => ({ ...row, ...counted(ruleOf(byKey, row), stateOf(row), now) }));
  await saveCounters(store, rows);
  return { refused, rows, wasFull: new Set(full.map(({ row }) => row.key)) };
}

/** `counting` tells that the wait is over: before anybody can read what is counted, so that no attempt is seen twice. */
async function whileWaiting<Result>(
  waiting: WaitingAttempts,
  keys: readonly string[],
  work: (counting: () => void) => Promise<Result>,
): Promise<Result> {
  const leave = waiting.enter(keys);
  try {
    return await work(leave);
  } finally {
    leave();
  }
}

/**
 * The counters as they are once those that wait before this attempt are counted: under a flood a refusal would come only when all of
 * them have written.
 */
function withWaiting(
  byKey: ReadonlyMap<string, Counter>,
  stored: readonly CounterRow[],
  waiting: WaitingAttempts,
  now: Instant,
): readonly CounterRow[] {
  return freshRows(byKey).map((fresh) => {
    let row = stored.find(({ key }) => key === fresh.key) ?? { ...fresh, ...untouched(now) };
    for (let ahead = waiting.of(fresh.key); ahead > 0; ahead -= 1)
      row = { ...row, ...counted(ruleOf(byKey, row), stateOf(row), now) };
    return row;
  });
}

/** The counters that let nothing more through, the one that does so longest first. */
function fullOf(
  byKey: ReadonlyMap<string, Counter>,
  rows: readonly CounterRow[],
  now: Instant,
): FullCounter[] {
  const ends = rows.map((row) => ({ row, end: blockedUntil(ruleOf(byKey, row), stateOf(row), now) }));
  return ends
    .flatMap(({ row, end }) => (end === null ? [] : [{ row, end }]))
    .sort((left, right) => right.end - left.end);
}

function attemptOf(
  call: Call,
  byKey: ReadonlyMap<string, Counter>,
  kept: Counted,
  { byKey: later, now }: { readonly byKey: ReadonlyMap<string, Counter>; readonly now: Instant },
): Attempt {
  const { rows } = kept;
  const inTransaction = (work: (store: Store) => Promise<void>): Promise<void> =>
    call.store.transaction(work);
  return {
    succeeded: async (store) => {
      const ended = rows.filter(({ key }) => byKey.get(key)?.endsWithSuccess === true);
      const back = rows.filter(({ key }) => {
        const counter = byKey.get(key);
        return counter?.endsWithSuccess !== true && counter?.countsSuccess !== true;
      });
      const work = async (inside: Store): Promise<void> => {
        await deleteCounters(
          inside,
          ended.map(({ key }) => key),
        );
        await takeBack(inside, byKey, back, now);
      };
      await (store ? work(store) : inTransaction(work));
    },
    undecided: () => inTransaction((store) => takeBack(store, byKey, rows, now)),
    failed: async () => {
      const filled = filledBy(byKey, kept, now);
      if (later.size === 0) return filled;
      const after = await call.store.transaction((store) => countAll(store, later, false, now));
      return [...filled, ...filledBy(later, after, now)];
    },
  };
}

/** Kinds of the counters that are full since this attempt. */
function filledBy(
  byKey: ReadonlyMap<string, Counter>,
  { rows, wasFull }: Counted,
  now: Instant,
): readonly string[] {
  return rows
    .filter((row) => !wasFull.has(row.key) && blockedUntil(ruleOf(byKey, row), row, now) !== null)
    .map(({ kind }) => kind);
}

async function takeBack(
  store: Store,
  byKey: ReadonlyMap<string, Counter>,
  rows: readonly CounterRow[],
  now: Instant,
): Promise<void> {
  if (rows.length === 0) return;
  const stored = await readCounters(
    store,
    rows.map(({ key }) => key),
    true,
  );
  const left = stored.map((row) => ({ row, state: takenBack(ruleOf(byKey, row), row, now) }));
  const gone = left.filter(({ state }) => state === null).map(({ row }) => row.key);
  await deleteCounters(store, gone);
  await saveCounters(
    store,
    left.flatMap(({ row, state }) => (state === null ? [] : [{ ...row, ...state }])),
  );
}

function freshRows(byKey: ReadonlyMap<string, Counter>) {
  return [...byKey].map(([key, { kind, subject = null, network = null }]) => ({
    key,
    kind,
    subject,
    network,
  }));
}

/** A row without an attempt was made a moment ago by `lockCounters`. */
function stateOf(row: CounterRow): CounterRow | null {
  return row.failures === 0 ? null : row;
}

function ruleOf(byKey: ReadonlyMap<string, Counter>, { key }: CounterRow): CounterRule {
  return (byKey.get(key) as Counter).rule;
}

/** A hash keeps every key the same size, whatever was typed, and nothing that was typed in the table. */
export function keyOf({ kind, of }: Pick<Counter, 'kind' | 'of'>): string {
  return createHash('sha256')
    .update(JSON.stringify([kind, ...of]))
    .digest('base64url');
}

function tooMany(end: Instant, now: Instant): Error {
  return attackErrors.TOO_MANY_ATTEMPTS({ extensions: { retryAfter: Math.ceil((end - now) / 1_000) } });
}
