'use strict';

const path = require('node:path');
const v8 = require('node:v8');

/** Runs the built program with these arguments. */
function runProgram(args) {
  // Reads of the embedded database and password hashes share libuv's threads; four are too few for both.
  process.env.UV_THREADPOOL_SIZE ??= '8';
  // By default the engine learns to put some objects of each request among the old ones at once. Those keep what they refer to from
  // the quick collection of young objects: half of what requests left behind became old, and memory grew until a full collection.
  v8.setFlagsFromString('--no-allocation-site-pretenuring');
  // Node 22 and newer keep compiled code between starts.
  require('node:module').enableCompileCache?.();
  const main = path.join(__dirname, '..', 'dist', 'main.js');
  process.argv = [process.execPath, main, ...args];
  require(main);
}

module.exports = { runProgram };
