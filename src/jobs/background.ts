import type { Logger } from '#src/shared/logger';

/** What runs beside requests, from the start of the product to its end. */
export interface Background {
  start(): void | Promise<void>;
  /** Resolves when what was under way has ended. */
  stop(): void | Promise<void>;
}

/** While a database is away, a line a second of each work would bury what else the log says. */
const logAgainMs = 60_000;

/** For what begins by itself and has only to be ended. */
export function ending(stop: Background['stop']): Background {
  return { start: () => undefined, stop };
}

/**
 * Runs the work again and again, the first time after `everyMs`, never twice at once. The timer keeps no process alive. A run that fails is
 * logged under `name`, and the next one tries again; of failures in a row one a minute is logged, with how many were passed over.
 */
export function repeatedly(
  logger: Pick<Logger, 'warn'>,
  { name, everyMs }: { readonly name: string; readonly everyMs: number },
  work: () => Promise<unknown>,
): Background {
  let running: Promise<void> | null = null;
  let timer: NodeJS.Timeout | null = null;
  let logged: { at: number; more: number } | null = null;
  const fail = (error: unknown): void => {
    const now = performance.now();
    if (logged && now - logged.at < logAgainMs) logged.more += 1;
    else {
      logger.warn({ err: error, work: name, notLogged: logged?.more ?? 0 }, 'work in the background failed');
      logged = { at: now, more: 0 };
    }
  };
  const run = async (): Promise<void> => {
    try {
      await work();
      logged = null;
    } catch (error) {
      fail(error);
    } finally {
      running = null;
    }
  };
  return {
    start: () => {
      timer ??= setInterval(() => void (running ??= run()), everyMs).unref();
    },
    stop: async () => {
      if (timer !== null) clearInterval(timer);
      timer = null;
      await running;
    },
  };
}

interface HasBackground {
  readonly background?: readonly Background[];
}

export async function startBackground(parts: readonly HasBackground[]): Promise<void> {
  for (const work of backgroundOf(parts)) await work.start();
}

/** In the opposite order: what came later uses what came before. */
export async function stopBackground(parts: readonly HasBackground[]): Promise<void> {
  for (const work of backgroundOf(parts).reverse()) await work.stop();
}

function backgroundOf(parts: readonly HasBackground[]): Background[] {
  return parts.flatMap(({ background = [] }) => background);
}
