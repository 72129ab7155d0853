'use strict';

const { writeFileSync } = require('node:fs');
const os = require('node:os');
const { readOptions, usage, UsageError } = require('./options');
const { stopAll } = require('./processes');

async function main() {
  const options = readOptions(process.argv.slice(2));
  if (options.help) return console.log(usage);
  // Before anything that needs them is loaded.
  require('./prepare').installDependencies();
  const { buildGateway, prepareDatabase } = require('./prepare');
  buildGateway();
  const postgres = options.database === 'postgres' ? await require('./postgres').startPostgres() : null;
  try {
    if (options.import) {
      console.log(`${options.database}, Node ${process.version}, ${os.cpus().length} cores`);
      await require('./import').measureImport({ postgres, ...options });
      return;
    }
    if (options.search) {
      const databases = [];
      for (const users of options.sizes)
        databases.push({ users, url: await prepareDatabase({ kind: options.database, users, postgres }) });
      console.log(`${options.database}, Node ${process.version}, ${os.cpus().length} cores`);
      await require('./search').measureSearches(databases, options);
      return;
    }
    const url = await prepareDatabase({ kind: options.database, users: options.users, postgres });
    console.log(
      `${options.database}, ${options.users} users, Node ${process.version}, ${os.cpus().length} cores`,
    );
    if (options.guard) await require('./guard').measureGuard(url, await samplesOf(url), options);
    else if (options.groups) await require('./groups').measureGroups(url, options);
    else if (options.memory) await require('./memory').measureMemory(url, await samplesOf(url));
    else if (options.removals) await require('./removals').measureRemovals(url, options);
    else if (options.revoke) await require('./revoke').measureRevoking(url, options);
    else if (options.kills) await require('./kills').measureKills(url, options);
    else if (options.permissions) await require('./permissions').measurePermissions(url);
    else if (options.searchWrites)
      await require('./search-writes').measureWrites({ url, postgres, ...options });
    else await compare(url, options);
  } finally {
    stopAll();
    await postgres?.stop();
  }
}

async function compare(url, options) {
  const { measureOperation } = require('./measure');
  const { operations } = require('./operations');
  const { heading, line, toJson } = require('./report');
  const { startServers } = require('./servers');
  const cases = operations(await samplesOf(url));
  const servers = await startServers(url);
  console.log(heading());
  const results = [];
  for (const name of options.only) {
    const result = await measureOperation(name, cases[name], servers, options.seconds);
    results.push(result);
    console.log(line(result));
  }
  if (options.json !== undefined) {
    writeFileSync(
      options.json,
      toJson({ database: options.database, users: options.users, operations: results }),
    );
  }
}

async function samplesOf(url) {
  const database = require('./drivers').openDatabase(url);
  const samples = await require('./samples').takeSamples(database);
  await database.close();
  return samples;
}

main().then(
  () => process.exit(0),
  (error) => {
    console.error(error instanceof UsageError ? `${error.message}\n\n${usage}` : error.message);
    process.exit(error instanceof UsageError ? 64 : 1);
  },
);
