import { writeFile } from 'node:fs/promises';
import { exitCodes, type CliCommand } from './command';

export const schemaCommand: CliCommand = {
  name: 'schema',
  summary: 'Print the GraphQL schema with its directives.',
  examples: ['schema --out schema.graphql'],
  define: (command) => void command.option('--out <file>', 'write it to a file instead'),
  async run(options, { io, parts }) {
    const sdl = (await parts.printSchema()).trimEnd();
    const file = options['out'] as string | undefined;
    if (file === undefined) {
      io.out(sdl);
    } else {
      await writeFile(file, `${sdl}\n`);
      io.err(`Wrote ${file}.`);
    }
    return exitCodes.done;
  },
};
