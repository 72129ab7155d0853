// A gateway in a process of its own, on an embedded database in a folder, for measurements of signing in.
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createServer } from 'node:net';

const here = dirname(fileURLToPath(import.meta.url));
const main = join(here, '..', 'dist', 'main.js');

async function freePort() {
  const server = createServer();
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

/** Migrates, starts and waits until it is ready. `preload`: a module that the process loads first. */
export async function startGateway(folder, environment = {}, { preload } = {}) {
  const port = await freePort();
  const env = {
    ...process.env,
    GATEHOUSE_PORT: String(port),
    GATEHOUSE_DATABASE_URL: `sqlite:${join(folder, 'gatehouse.db')}`,
    GATEHOUSE_SECRETS_FILE: join(folder, 'secrets.json'),
    GATEHOUSE_MAIL_FOLDER: join(folder, 'mail'),
    GATEHOUSE_LOG_LEVEL: 'error',
    ...environment,
  };
  const flags = preload === undefined ? [] : ['--import', preload];
  const child = spawn(process.execPath, [...flags, main, 'serve'], {
    env,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const url = `http://127.0.0.1:${port}`;
  for (let waited = 0; ; waited += 100) {
    const isReady = await fetch(`${url}/health/ready`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (isReady) break;
    if (child.exitCode !== null || waited > 60_000) throw new Error('The gateway did not start.');
    await new Promise((done) => setTimeout(done, 100));
  }
  const stop = async () => {
    child.kill('SIGTERM');
    await new Promise((done) => child.once('exit', done));
  };
  return { url, child, stop };
}
