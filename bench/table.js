'use strict';

/** Prints the result files of `--json` as tables for docs/benchmarks.md: `node bench/table.js sqlite.json postgres.json`. */

const { readFileSync } = require('node:fs');

const head = [
  'operation',
  'ours/s',
  'p50 ms',
  'p99 ms',
  'SQL',
  'floor/s',
  'peer/s',
  'ours/floor',
  'ours/peer',
];

function table({ operations }) {
  const lines = operations.map(({ name, ours, floor, peer, toFloor, toPeer }) => [
    `\`${name}\``,
    ours.rps.toFixed(0),
    ours.p50.toFixed(1),
    ours.p99.toFixed(1),
    ours.statements.toFixed(1),
    `${floor.rps.toFixed(0)} (${floor.way})`,
    peer.rps.toFixed(0),
    toFloor.toFixed(2),
    toPeer.toFixed(2),
  ]);
  return [head, head.map((_, index) => (index === 0 ? '---' : '---:')), ...lines]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

for (const file of process.argv.slice(2)) {
  const report = JSON.parse(readFileSync(file, 'utf8'));
  console.log(`### ${report.database}, ${report.users} users, Node ${report.node}\n\n${table(report)}\n`);
}
