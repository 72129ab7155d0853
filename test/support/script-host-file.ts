import { builtProgram } from '#test/support/built-program';

/** `jest.config.js` puts this in the place of the file of the same name in `src`, which names the build's own output. */
export function scriptHostFile(): string {
  return builtProgram('src/features/lazy-migration/sources/script/script-host.ts');
}
