'use strict';

const { join, sep } = require('node:path');
const vm = require('node:vm');
const { default: Runtime } = require('jest-runtime');

const tests = join(__dirname, '..') + sep;

let shared;

/**
 * One registry of modules for all test files of a worker, in the global scope of its process. Evaluating every module anew for each file,
 * in a scope whose globals are looked up through a proxy, took half of the processor time of files that start the product. Between two
 * files everything under `test/` and jest's own modules are forgotten; `src` and packages stay, as in a process that serves for weeks.
 * Files with another environment have a registry of their own (`own-modules.ts`). Written against the fields of jest-runtime 30.5.
 */
module.exports = class SharedRuntime extends Runtime {
  constructor(config, environment, ...rest) {
    const isShared = environment.global === globalThis;
    if (isShared && shared !== undefined) return shared;
    super(config, environment, ...rest);
    if (!isShared) return;
    const { executor } = this;
    executor.compile = (source, filename) =>
      vm.compileFunction(source, executor.injectedModuleParameters, {
        filename,
        importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
      });
    shared = this;
  }

  teardown() {
    if (this !== shared) {
      super.teardown();
      return;
    }
    this.restoreAllMocks();
    this.testState.state = 'loading';
    this.jestGlobals.clearJestObjectCache();
    this.registries.getInternalCjsRegistry().clear();
    const modules = this.registries.getActiveCjsRegistry();
    for (const path of modules.keys()) if (path.startsWith(tests)) modules.delete(path);
    this.testMainModule.reset();
    this.fileCache.clear();
  }
};
