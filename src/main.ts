import 'reflect-metadata';
import { commands } from '#src/cli/commands';
import { processIo } from '#src/cli/io';
import { programParts } from '#src/cli/parts';
import { runCli } from '#src/cli/run';

// Without a command the process serves, which is what a container starts.
const argv = process.argv.slice(2);

void runCli(argv.length === 0 ? ['serve'] : argv, { commands, io: processIo, parts: programParts }).then(
  (exitCode) => {
    // A command that failed may have left something open that would keep the process alive; a server is meant to.
    if (exitCode !== 0) process.exit(exitCode);
  },
);
