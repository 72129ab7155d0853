'use strict';

/**
 * What `--search` found, as the table of docs/benchmarks.md: a row for each class, a column for each number of users.
 * `sizes` are `{ users, searches: [{ name, p50, p95, found }] }`, the smallest database first.
 */
function searchTable(sizes, classes) {
  const columns = sizes.map(({ users }) => users.toLocaleString('en-US'));
  const aims = new Map(classes.map(({ name, aim }) => [name, aim]));
  const head = ['class', ...columns, 'users of a page', 'aim, p95'];
  const rows = namesOf(sizes).map((name) => {
    const found = sizes.map(({ searches }) => searches.find((search) => search.name === name));
    const last = found.findLast((search) => search !== undefined);
    const times = found.map((search) => (search ? `${search.p50} / ${search.p95}` : '–'));
    const aim = aims.get(name);
    return [name, ...times, String(last.found), aim === undefined ? '' : String(aim)];
  });
  return [head, head.map((_, index) => (index === 0 ? '---' : '---:')), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

/** In the order in which they were measured; a class that only a larger database has comes where it was met. */
function namesOf(sizes) {
  return [...new Set(sizes.flatMap(({ searches }) => searches.map(({ name }) => name)))];
}

/** How much longer page 10,000 may take than page 1, and a selective search at a million users than at 10,000. */
const mostOfFirstPage = 1.5;
const mostOfSmallest = 2;
/** Which aims were missed, a sentence for each. Aims are for a million users, whatever the largest measured database is. */
function missedAims(sizes, classes) {
  const largest = sizes.at(-1);
  const [smallest] = sizes;
  const timesOf = ({ searches }, name) => searches.find((search) => search.name === name);
  const missed = [];
  for (const { name, aim, selective } of classes) {
    const at = timesOf(largest, name);
    if (!at) continue;
    if (aim !== undefined && at.p95 > aim) missed.push(`${name}: p95 is ${at.p95} ms, the aim is ${aim}`);
    const first = timesOf(smallest, name);
    if (selective && smallest !== largest && first && at.p50 > mostOfSmallest * first.p50)
      missed.push(`${name}: p50 is ${(at.p50 / first.p50).toFixed(2)} times that with the fewest users`);
  }
  for (const list of ['all', 'negation']) {
    const [near, far] = [timesOf(largest, `${list}, page 1`), timesOf(largest, `${list}, far page`)];
    if (near && far && far.p50 > mostOfFirstPage * near.p50)
      missed.push(`${list}: the far page takes ${(far.p50 / near.p50).toFixed(2)} times the first`);
  }
  return missed;
}

module.exports = { missedAims, searchTable };
