'use strict';

const columns = [
  ['operation', 15],
  ['ours/s', 9],
  ['p50 ms', 8],
  ['p99 ms', 8],
  ['SQL', 6],
  ['floor/s', 9],
  ['p50 ms', 8],
  ['p99 ms', 8],
  ['way', 8],
  ['peer/s', 9],
  ['p50 ms', 8],
  ['p99 ms', 8],
  ['to floor', 9],
  ['to peer', 8],
];

function heading() {
  return columns
    .map(([title, width], index) => (index === 0 ? title.padEnd(width) : title.padStart(width)))
    .join(' ');
}

function line({ name, ours, floor, peer, toFloor, toPeer }) {
  const cells = [
    name,
    rate(ours.rps),
    ms(ours.p50),
    ms(ours.p99),
    ours.statements.toFixed(1),
    rate(floor.rps),
    ms(floor.p50),
    ms(floor.p99),
    floor.way,
    rate(peer.rps),
    ms(peer.p50),
    ms(peer.p99),
    toFloor.toFixed(2),
    toPeer.toFixed(2),
  ];
  return cells.map((cell, index) => pad(cell, index)).join(' ');
}

function pad(cell, index) {
  const width = columns[index][1];
  return index === 0 ? cell.padEnd(width) : cell.padStart(width);
}

function rate(value) {
  return value.toFixed(value < 100 ? 1 : 0);
}

function ms(value) {
  return value.toFixed(1);
}

/** The same numbers for programs, rounded to three decimals. */
function toJson({ database, users, operations }) {
  const report = { database, users, node: process.version, operations };
  return `${JSON.stringify(report, (_, value) => (typeof value === 'number' ? Math.round(value * 1000) / 1000 : value), 2)}\n`;
}

module.exports = { heading, line, toJson };
