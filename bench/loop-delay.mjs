// Loaded into the measured process: tells its parent how late the event loop was.
import { monitorEventLoopDelay } from 'node:perf_hooks';

const resolution = 10;
const histogram = monitorEventLoopDelay({ resolution });
histogram.enable();
process.on('message', (message) => {
  if (message === 'reset') histogram.reset();
  if (message !== 'report') return;
  // The histogram holds the whole time between two looks; the delay is what goes beyond the resolution.
  const beyond = (nanoseconds) => Math.max(0, nanoseconds / 1e6 - resolution);
  process.send({
    p50: beyond(histogram.percentile(50)),
    p99: beyond(histogram.percentile(99)),
    max: beyond(histogram.max),
  });
});
// The channel must not keep a stopping process alive.
process.channel?.unref();
