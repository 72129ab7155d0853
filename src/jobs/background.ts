import type { Logger } from '#src/shared/logger';

/** What runs beside requests, from the start of the product to its end. */
export interface Background {
  start(): void | Promise<void>;
  /** Resolves when what was under way has ended. */
  stop(): void | Promise<void>;
}

/** For what begins by itself and has only to be ended. */
export function ending(stop: Background['stop']): Background {
  return { start: () => undefined, stop };
}

/**
 * Runs the work again and again, the first time after `everyMs`, never twice at once. The timer keeps no process alive; a run that fails is
 * logged under `name`, and the next one tries again.
 */
export function repeatedly(
  logger: Pick<Logger, 'warn'>,
  { name, everyMs }: { readonly name: string; readonly everyMs: number },
  work: () => Promise<unknown>,
): Background {
  let running: Promise<void> | null = null;
  let timer: NodeJS.Timeout | null = null;
  const run = async (): Promise<void> => {
    try {
      await work();
    } catch (error) {
      logger.warn({ err: error, work: name }, 'work in the background failed');
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
