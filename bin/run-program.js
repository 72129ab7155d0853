'use strict';

const path = require('node:path');

/** Runs the built program with these arguments. */
function runProgram(args) {
  // Reads of the embedded database and password hashes share libuv's threads; four are too few for both.
  process.env.UV_THREADPOOL_SIZE ??= '8';
  // Node 22 and newer keep compiled code between starts.
  require('node:module').enableCompileCache?.();
  const main = path.join(__dirname, '..', 'dist', 'main.js');
  process.argv = [process.execPath, main, ...args];
  require(main);
}

module.exports = { runProgram };
