/**
 * For what is declared once for a process: types, attributes, kinds of jobs. The test files of a worker share the product's modules
 * (`runtime.js`), so a file that declares some of its own would show them to the others. It begins with `@jest-environment node`, by
 * which jest evaluates every module anew for it.
 */
export function requireOwnModules(): void {
  if (!('sharesModules' in globalThis)) return;
  throw new Error(
    'This test file declares what other files of its worker would see. Begin it with `/** @jest-environment node */`.',
  );
}
