'use strict';

const { TestEnvironment } = require('jest-environment-node');

/** What jest keeps in the global object while a test file runs. */
const framework = new Set(['EVENT_HANDLERS', 'JEST_STATE_SYMBOL', 'TEST_TIMEOUT_SYMBOL']);

const { console } = globalThis;
const { exit } = process;
let shared;

/** Runs the test files of a worker in the global scope of its process, one after another (see `runtime.js`). */
module.exports = class SharedEnvironment extends TestEnvironment {
  constructor(config, context) {
    if (shared !== undefined) return shared;
    super(config, context);
    this.global = globalThis;
    globalThis.sharesModules = true;
    this.moduleMocker = new this.moduleMocker.constructor(globalThis);
    this.fakeTimers = null;
    this.fakeTimersModern = new this.fakeTimersModern.constructor({
      config: config.projectConfig,
      global: globalThis,
    });
    shared = this;
  }

  async teardown() {
    this.fakeTimersModern.dispose();
    for (const symbol of Object.getOwnPropertySymbols(globalThis)) {
      if (framework.has(symbol.description)) delete globalThis[symbol];
    }
    // Each file wraps it, to print where it was called.
    process.exit = exit;
    globalThis.console = console;
  }
};
