import type { CliCommand } from './command';
import { jobsCancelCommand, jobsListCommand, jobsRetryCommand, jobsShowCommand } from './jobs';
import { jobsErrorsCommand, jobsWatchCommand } from './jobs-report';
import { keysListCommand, keysRevokeCommand, keysRotateCommand } from './keys';
import { doctorCommand } from './doctor';
import { initCommand } from './init';
import { mailCommand } from './mail';
import { migrateCommand } from './migrate';
import { migrationCommand } from './migration';
import { schemaCommand } from './schema';
import { seedCommand } from './seed';
import { serveCommand } from './serve';
import { tokenCommand } from './token';
import { usersConvertCommand } from './users-convert';
import { usersDecryptCommand } from './users-decrypt';
import { usersExportCommand } from './users-export';
import { usersImportCommand } from './users-import';

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
  keysListCommand,
  keysRotateCommand,
  keysRevokeCommand,
  usersImportCommand,
  usersExportCommand,
  usersConvertCommand,
  usersDecryptCommand,
  jobsListCommand,
  jobsShowCommand,
  jobsWatchCommand,
  jobsErrorsCommand,
  jobsCancelCommand,
  jobsRetryCommand,
  migrationCommand,
];
