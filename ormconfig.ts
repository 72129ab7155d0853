import 'reflect-metadata';
import { loadConfig } from '#src/config/load-config';
import { migrationDataSource } from '#src/storage/migrate';

/** For TypeORM's command line, for example `typeorm migration:show -d ormconfig.js`; the product itself uses `gatehouse migrate`. */
export default migrationDataSource(loadConfig().database.url);
