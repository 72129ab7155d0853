const { availableParallelism } = require('node:os');

/** Tests run on the TypeScript sources; ES-module-only packages are transformed so that jest can load them. */
module.exports = {
  testEnvironment: '<rootDir>/test/support/environment.js',
  runtime: '<rootDir>/test/support/runtime.js',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  moduleNameMapper: {
    '^(?:#src/features/passwords/hashes|\\.)/hash-worker-file$': '<rootDir>/test/support/hash-worker-file.ts',
    '^(?:#src/features/lazy-migration/sources/script|\\.)/script-host-file$':
      '<rootDir>/test/support/script-host-file.ts',
    '^#src/(.*)$': '<rootDir>/src/$1',
    '^#test/(.*)$': '<rootDir>/test/$1',
  },
  transform: {
    '^.+\\.(t|j|mj)s$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: false, useDefineForClassFields: false },
          target: 'es2023',
        },
        module: { type: 'commonjs' },
        sourceMaps: true,
      },
    ],
  },
  transformIgnorePatterns: [
    '/node_modules/(?!(jose|lru-cache|cookie|uqr|csv-parse|csv-stringify|openid-client|oauth4webapi|otpauth|@noble/hashes|ldapts|@hexagon/base64|@levischuck/tiny-cbor|oidc-provider)/)',
  ],
  testSequencer: '<rootDir>/test/support/longest-first.js',
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  globalTeardown: '<rootDir>/test/support/global-teardown.ts',
  setupFiles: ['reflect-metadata'],
  testTimeout: 30000,
  // A worker waits for databases, disks and password hashes for nearly half of its time: four share two processors (570 s; three take 610).
  maxWorkers: availableParallelism() * 2,
};
