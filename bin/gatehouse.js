#!/usr/bin/env node
'use strict';

/** The command line in a checkout: prepares what is missing, then runs the program in this process. */

const { prepare } = require('./prepare');
const { runProgram } = require('./run-program');

prepare();
runProgram(process.argv.length > 2 ? process.argv.slice(2) : ['--help']);
