import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const megabyte = 1024 * 1024;
const lookEveryMs = 100;

/**
 * To be called before the program is loaded: the part of the heap for new objects stays at the few megabytes that it has then. It would grow to 32
 * while the program loads, and never shrink.
 */
export function keepYoungHeapSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}

/** Tidies memory if it has grown: for loops that would add much before the next look. */
export type Tidy = () => void;

/**
 * Does long work on many rows without letting memory grow. Rows outlive the quick collections of the engine and then wait for a thorough
 * one, which the engine puts off until the heap is several times as large; asked for now and then it takes a hundredth of the time.
 * `growth`: how many megabytes may be added, buffers beside the heap included, before it is tidied.
 */
export async function withSteadyMemory<Result>(
  growth: number,
  work: (tidy: Tidy) => Promise<Result>,
): Promise<Result> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const used = (): number => {
    const { used_heap_size: heap, external_memory: beside } = getHeapStatistics();
    return heap + beside;
  };
  collect();
  let floor = used();
  const tidy = (): void => {
    if (used() < floor + growth * megabyte) return;
    collect();
    floor = used();
  };
  const timer = setInterval(tidy, lookEveryMs);
  try {
    return await work(tidy);
  } finally {
    clearInterval(timer);
  }
}
