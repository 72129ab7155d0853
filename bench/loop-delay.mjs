// Loaded into the measured process: tells its parent how late the event loop was, and how soon it refused what was too many.
import { subscribe } from 'node:diagnostics_channel';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';

const resolution = 10;
const histogram = monitorEventLoopDelay({ resolution });
histogram.enable();
const arrivals = new WeakMap();
let refusals = [];
subscribe('http.server.request.start', ({ request }) => arrivals.set(request, performance.now()));
subscribe('http.server.response.finish', ({ request, response }) => {
  if (response.statusCode === 429) refusals.push(performance.now() - arrivals.get(request));
});
process.on('message', (message) => {
  if (message === 'reset') {
    histogram.reset();
    refusals = [];
  }
  if (message !== 'report') return;
  // The histogram holds the whole time between two looks; the delay is what goes beyond the resolution.
  const beyond = (nanoseconds) => Math.max(0, nanoseconds / 1e6 - resolution);
  process.send({
    p50: beyond(histogram.percentile(50)),
    p99: beyond(histogram.percentile(99)),
    max: beyond(histogram.max),
    refusals,
  });
});
// The channel must not keep a stopping process alive.
process.channel?.unref();
