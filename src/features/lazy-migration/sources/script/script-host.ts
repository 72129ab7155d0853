import { createContext, runInContext } from 'node:vm';
import type { FromScript, ScriptStart, ToScript } from './script-messages';
import { scriptPrelude } from './script-prelude';

/**
 * The process of one script. It is started without environment, file system, child processes and threads, and with little memory; a script
 * that does not come back is ended from outside. The context keeps a script from what the process has; the process is the boundary.
 */
const context = createContext(Object.create(null) as object, {
  codeGeneration: { strings: false, wasm: false },
});

type Receive = (text: string) => void;
type Prelude = (post: (text: string) => void, settings: string) => Receive;

let receive: Receive | null = null;

function begin({ script, configuration }: ScriptStart): Receive {
  const prelude = runInContext(scriptPrelude, context, { filename: 'prelude' }) as Prelude;
  const post = (text: string): void => void process.send?.(JSON.parse(text) as FromScript);
  // Without a prototype there is no way from it to what this process has.
  Object.setPrototypeOf(post, null);
  const found = prelude(post, JSON.stringify(configuration));
  runInContext(script, context, { filename: 'script' });
  return found;
}

process.on('message', (message: ToScript) => {
  if (message.kind === 'start') {
    receive = begin(message);
    process.send?.({ kind: 'ready' } satisfies FromScript);
  } else receive?.(JSON.stringify(message));
});

// Nobody is left to answer.
process.on('disconnect', () => process.exit(0));
