import { rm } from 'node:fs/promises';

/** Stops what `global-setup.ts` started and removes its files. */
export default async function globalTeardown(): Promise<void> {
  await (globalThis as { gatehouseTestServer?: { stop(): Promise<void> } }).gatehouseTestServer?.stop();
  const folder = process.env['GATEHOUSE_TEST_FOLDER'];
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
}
