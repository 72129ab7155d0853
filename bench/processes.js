'use strict';

const { spawn, execFileSync } = require('node:child_process');
const { readdirSync, readFileSync } = require('node:fs');
const { createServer } = require('node:net');
const path = require('node:path');

const root = path.join(__dirname, '..');
const running = new Set();

/** Starts a server in a process of its own and resolves when `isReady` does. It is stopped with the benchmark. */
async function startServer({ name, command, env, isReady }) {
  const child = spawn(process.execPath, command, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  let output = '';
  const keep = (chunk) => (output = (output + chunk).slice(-4000));
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  void ended.then(() => running.delete(child));
  const deadline = Date.now() + 60_000;
  while (!(await isReady(output))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      child.kill();
      throw new Error(`The server "${name}" did not start:\n${output}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    name,
    pid: child.pid,
    output: () => output,
    residentMemory: () => residentMemory(child.pid),
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** A port that is free at this moment. */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Resident memory in MB, and how much of it is pages of files (program and mapped database), which the system can take back. */
function residentMemory(pid) {
  if (process.platform !== 'linux') {
    return {
      total: Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1024,
      file: NaN,
    };
  }
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const megabytes = (name) => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)[1]) / 1024;
  return { total: megabytes('VmRSS'), file: megabytes('RssFile') };
}

function stopAll() {
  for (const child of running) child.kill('SIGTERM');
}

/** Milliseconds of the main thread and of all threads, from Linux's scheduler. */
function processorTime(pid) {
  const time = { main: 0, all: 0 };
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    const spent = Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
    time.all += spent;
    if (thread === String(pid)) time.main = spent;
  }
  return time;
}

const tickMs = 10;

/** Milliseconds of all processes that this one has started, those that have ended included: connections that were idle are closed. */
function processorTimeBelow(pid) {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
  const running = children.reduce((sum, child) => sum + (child === '' ? 0 : timeOfRunning(child)), 0);
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').pop().split(' ');
  return running + (Number(fields[13]) + Number(fields[14])) * tickMs;
}

/** Zero for a process that has just ended. */
function timeOfRunning(pid) {
  try {
    return processorTime(pid).all;
  } catch {
    return 0;
  }
}

module.exports = { processorTime, processorTimeBelow, residentMemory, freePort, root, startServer, stopAll };
