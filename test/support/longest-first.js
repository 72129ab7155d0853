'use strict';

const { existsSync, readFileSync } = require('node:fs');
const { dirname, resolve } = require('node:path');
const { default: Sequencer } = require('@jest/test-sequencer');

/** Starts long files first, so that no worker is left with one at the end. */
module.exports = class LongestFirst extends Sequencer {
  /** Milliseconds: of the last run, or in a fresh checkout guessed. */
  time(test) {
    return super.time(test) ?? guess(test.path, test.context.config.rootDir);
  }
};

/** By the length of a file and of the cases that it calls in; a browser takes several times as long for a line. */
function guess(file, root) {
  const text = readFileSync(file, 'utf8');
  const cases = [...text.matchAll(/from '(#test\/|\.)([^']*cases[^']*)'/g)]
    .map(
      ([, start, rest]) =>
        `${start === '.' ? resolve(dirname(file), `.${rest}`) : `${root}/test/${rest}`}.ts`,
    )
    .filter((path) => existsSync(path));
  const characters = cases.reduce((sum, path) => sum + readFileSync(path, 'utf8').length, text.length);
  return file.endsWith('.page.test.ts') ? characters * 3 : characters * 0.7;
}
