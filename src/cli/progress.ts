import { Presets, SingleBar } from 'cli-progress';
import type { CliIo } from './io';

export interface Progress {
  /** How much is done so far. */
  update(done: number): void;
  stop(): void;
}

const silent: Progress = { update: () => undefined, stop: () => undefined };

/** A bar with rate and remaining time on a terminal, nothing in a pipe. */
export function startProgress(io: CliIo, total: number, what: string): Progress {
  if (!io.isTerminal) return silent;
  const bar = new SingleBar(
    {
      format: `${what} [{bar}] {percentage}% {value}/{total} {eta_formatted} left`,
      stream: process.stderr,
      hideCursor: true,
      etaBuffer: 100,
      fps: 5,
    },
    Presets.shades_classic,
  );
  bar.start(total, 0);
  return { update: (done) => bar.update(done), stop: () => bar.stop() };
}
