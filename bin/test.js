#!/usr/bin/env node
'use strict';

/** `npm test`: installs what is missing, runs the suite, and prints `N passed, M failed` as the last line. */

const { spawn } = require('node:child_process');
const { mkdtempSync, readFileSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const path = require('node:path');
const { prepare, root } = require('./prepare');

async function main() {
  prepare({ build: false });
  const folder = mkdtempSync(path.join(tmpdir(), 'gatehouse-test-'));
  const report = path.join(folder, 'report.json');
  try {
    const status = await runJest(['--json', `--outputFile=${report}`, ...process.argv.slice(2)]);
    const { lines, exitCode } = summarise(readReport(report), status);
    process.stdout.write(`${lines.join('\n')}\n`);
    process.exitCode = exitCode;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function runJest(args) {
  const jest = path.join(root, 'node_modules', 'jest', 'bin', 'jest.js');
  const child = spawn(process.execPath, [jest, ...args], { cwd: root, stdio: 'inherit' });
  // The terminal sends Ctrl+C to the child as well; this process waits for it to stop its databases.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => resolve(status ?? 1));
  });
}

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

/** Counts tests; a file that could not run at all counts as one failure. A skipped test is no success. */
function summarise(report, status) {
  if (report === null) {
    return { lines: ['The test run ended without a report.', '0 passed, 1 failed'], exitCode: status || 1 };
  }
  const failed = report.numFailedTests + report.numRuntimeErrorTestSuites;
  const skipped = report.numPendingTests + report.numTodoTests;
  const lines = [`${report.numPassedTests} passed, ${failed} failed`];
  if (skipped > 0) lines.unshift(`${skipped} skipped: the run does not count as passed.`);
  return { lines, exitCode: status !== 0 ? status : failed + skipped > 0 ? 1 : 0 };
}

void main();
