import { commands } from '#src/cli/commands';
import { loadConfig } from '#src/config/load-config';
import { createMetrics } from '#src/http/metrics';
import { codeBlocks, docPage, tableRows } from '#test/docs/pages';

const page = docPage('docs/operating.md');
const firstCells = tableRows(page).map(([cell = '']) => cell);

describe('docs/operating.md', () => {
  it('lists the commands of the program, all of them and no others', () => {
    const names = commands.map(({ name }) => name);
    const documented = firstCells.flatMap((cell) => /^`gatehouse ([a-z ]+)/.exec(cell)?.[1] ?? []);
    // A row that begins with no command is shown as it is.
    const named = documented.map((text) => names.find((name) => `${text} `.startsWith(`${name} `)) ?? text);
    expect([...new Set(named)].sort()).toEqual([...names].sort());
  });

  it('lists the metrics of the product, all of them and no others', async () => {
    const metrics = createMetrics();
    metrics.watchPool(() => ({ total: 0, idle: 0, waiting: 0 }));
    metrics.watchHashing(() => ({ running: 0, waiting: 0 }));
    metrics.watchMigrations(() => new Map());
    metrics.watchJobs({
      rows: new Map(),
      failures: new Map(),
      longestWait: () => Promise.resolve(0),
      legacyHashes: () => Promise.resolve([]),
    });
    metrics.watchRunning(() => 0);
    const text = await metrics.text();
    metrics.close();
    const real = [...text.matchAll(/^# TYPE (\w+)/gm)].map((match) => match[1]);
    const documented = firstCells.flatMap((cell) =>
      [...cell.matchAll(/`((?:gatehouse|process)_\w+)/g)].map((match) => match[1]),
    );
    expect(documented.sort()).toEqual(real.sort());
  });

  it('shows faults of the configuration as they are printed', () => {
    const environment = { GATEHOUSE_HTPP_PORT: '3', GATEHOUSE_PORT: '99999' };
    let printed = '';
    try {
      loadConfig({ environment });
    } catch (error) {
      printed = (error as Error).message;
    }
    expect(codeBlocks(page, 'text').map((block) => block.trimEnd())).toContain(printed);
  });
});
