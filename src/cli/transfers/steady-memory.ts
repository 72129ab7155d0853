import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const megabyte = 1024 * 1024;
const lookEveryMs = 100;

/**
 * Does long work on many rows without letting memory grow. Rows outlive the quick collections of the engine and then wait for a thorough
 * one, which the engine puts off until the heap is several times as large; asked for now and then it takes a hundredth of the time.
 * `growth`: how many megabytes may be added, buffers beside the heap included, before it is tidied.
 */
export async function withSteadyMemory<Result>(growth: number, work: () => Promise<Result>): Promise<Result> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const used = (): number => {
    const { used_heap_size: heap, external_memory: beside } = getHeapStatistics();
    return heap + beside;
  };
  collect();
  let floor = used();
  const timer = setInterval(() => {
    if (used() < floor + growth * megabyte) return;
    collect();
    floor = used();
  }, lookEveryMs);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
