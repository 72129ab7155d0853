'use strict';

/** A thread that ends at its first task, as one does that runs out of memory. */
const { parentPort } = require('node:worker_threads');

parentPort.once('message', () => process.exit(1));
