import path from 'node:path';

/** The program of the processes that run migration scripts. The tests, which run from sources, have their own. */
export function scriptHostFile(): string {
  return path.join(__dirname, 'script-host.js');
}
