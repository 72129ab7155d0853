'use strict';

require('reflect-metadata');
const path = require('node:path');
const { root } = require('./processes');

/** A process that does nothing but work on jobs, until it is killed or told to stop. */
async function main(url) {
  const { loadConfig } = require(path.join(root, 'dist', 'config', 'load-config'));
  const { createApp } = require(path.join(root, 'dist', 'app'));
  const { silentLogger } = require(path.join(root, 'dist', 'shared', 'logger'));
  const config = loadConfig({
    environment: {
      ...process.env,
      GATEHOUSE_DATABASE_URL: url,
      GATEHOUSE_SECRETS_FILE: path.join(root, '.bench', 'secrets.json'),
    },
  });
  const app = await createApp(config, { logger: silentLogger });
  process.once('SIGTERM', () => void app.close().then(() => process.exit(0)));
  console.log('ready');
}

main(process.argv[2]).catch((error) => {
  console.error(error);
  process.exit(1);
});
