'use strict';

const vm = require('node:vm');
const { TestEnvironment } = require('jest-environment-node');

/**
 * Every test file evaluates all its modules anew, and parsing them took a third of that time. What the first file of a worker
 * compiles is kept as V8 code for the next ones.
 */
const compiled = new Map();
const compileFunction = vm.compileFunction;

vm.compileFunction = (source, parameters, options = {}) => {
  const known = compiled.get(options.filename);
  if (known?.source === source)
    return compileFunction(source, parameters, { ...options, cachedData: known.code });
  const made = compileFunction(source, parameters, { ...options, produceCachedData: true });
  if (made.cachedData !== undefined) compiled.set(options.filename, { source, code: made.cachedData });
  return made;
};

module.exports = TestEnvironment;
