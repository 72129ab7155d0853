#!/usr/bin/env node
'use strict';

/** `npm start`: prepares what is missing, then serves in this process, so that signals reach the server itself. */

const { prepare } = require('./prepare');
const { runProgram } = require('./run-program');

prepare();
runProgram(['serve', ...process.argv.slice(2)]);
