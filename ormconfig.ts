import 'reflect-metadata';
import { loadConfig } from '#src/config/load-config';
import { migrationDataSource } from '#src/storage/migrate';

/** For the TypeORM command line, after `npm run build`, on a Node that reads TypeScript: `node node_modules/typeorm/cli.js migration:show -d ormconfig.ts`. */
export default migrationDataSource(loadConfig().database.url.reveal());
