import type { CliCommand } from './command';
import { doctorCommand } from './doctor';
import { initCommand } from './init';
import { mailCommand } from './mail';
import { migrateCommand } from './migrate';
import { schemaCommand } from './schema';
import { seedCommand } from './seed';
import { serveCommand } from './serve';
import { tokenCommand } from './token';

/** Every command, in the order of the overview. */
export const commands: readonly CliCommand[] = [
  serveCommand,
  migrateCommand,
  doctorCommand,
  schemaCommand,
  initCommand,
  seedCommand,
  tokenCommand,
  mailCommand,
];
