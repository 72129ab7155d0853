'use strict';

const { parseArgs } = require('node:util');
const { classes } = require('./search-cases');

const operationNames = [
  'point',
  'list',
  'deep',
  'search-exact',
  'search-prefix',
  'search-metadata',
  'me',
  'entities',
  'write',
];

const usage = `Usage: npm run bench -- [--db sqlite|postgres] [--users N] [--only operation,…] [--seconds S] [--json FILE]
       npm run bench -- --guard  [--db …] [--users N] [--seconds S]    the cost of authorization on \`list\`, in per cent
       npm run bench -- --search [--db …] [--users N,…] [--only class,…]    how long each kind of search takes, a column for each N
       npm run bench -- --search-writes [--db …] [--users N]                what the search indexes add to a write
       npm run bench -- --removals [--db …] [--users N]                deleting a role of 50,000, an organization of 200,000, a connection of 50,000
       npm run bench -- --revoke [--db …] [--users N]                  ending 10,000 sessions of an organization of 5,000
       npm run bench -- --kills [--db …] [--users N]                   a removal whose process is killed again and again
       npm run bench -- --permissions [--db …] [--users N]             what one user may do who has as much as the limits allow
       npm run bench -- --groups [--db …] [--users N]                  rights through 5,000 groups, moving 1,000, lists behind a filter
       npm run bench -- --import [--db …] [--users N] [--json FILE]    an import and an export of so many users
       npm run bench -- --memory [--db …] [--users N]                  resident memory after 100,000 requests

Operations: ${operationNames.join(', ')}.
PostgreSQL is the server named by GATEHOUSE_BENCH_POSTGRES_URL, else one of the benchmark's own in .bench/.`;

/** The options, or an error whose message is for the person at the terminal. */
function readOptions(argv) {
  let values;
  try {
    values = parseArgs({
      args: argv,
      options: {
        db: { type: 'string', default: 'sqlite' },
        users: { type: 'string', default: '100000' },
        only: { type: 'string' },
        seconds: { type: 'string', default: '9' },
        json: { type: 'string' },
        groups: { type: 'boolean', default: false },
        guard: { type: 'boolean', default: false },
        import: { type: 'boolean', default: false },
        memory: { type: 'boolean', default: false },
        kills: { type: 'boolean', default: false },
        revoke: { type: 'boolean', default: false },
        removals: { type: 'boolean', default: false },
        permissions: { type: 'boolean', default: false },
        search: { type: 'boolean', default: false },
        'search-writes': { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error.message);
  }
  if (!['sqlite', 'postgres'].includes(values.db)) throw new UsageError('--db is sqlite or postgres.');
  const only = values.only === undefined ? operationNames : values.only.split(',').map((name) => name.trim());
  for (const name of values.search ? [] : only) {
    if (!operationNames.includes(name)) throw new UsageError(`There is no operation "${name}".`);
  }
  const sizes = values.users.split(',').map((text) => positiveInteger('--users', text.trim()));
  if (sizes.length > 1 && !values.search)
    throw new UsageError('--users takes several numbers only with --search.');
  return {
    database: values.db,
    users: sizes[0],
    sizes: sizes.sort((left, right) => left - right),
    seconds: positiveInteger('--seconds', values.seconds),
    only,
    json: values.json,
    groups: values.groups,
    guard: values.guard,
    import: values.import,
    memory: values.memory,
    kills: values.kills,
    removals: values.removals,
    revoke: values.revoke,
    permissions: values.permissions,
    search: values.search,
    searchWrites: values['search-writes'],
    searchOnly: values.search && values.only !== undefined ? searchNames(values.only) : undefined,
    help: values.help,
  };
}

/** The kinds of search in a list, some of which have a comma in their name; besides classes `bad input` and `deep`. */
function searchNames(list) {
  const known = [...classes.map(({ name }) => name), 'bad input', 'deep'];
  let rest = `,${list},`;
  const found = known.filter((name) => {
    const parts = rest.split(`,${name},`);
    rest = parts.join(',');
    return parts.length > 1;
  });
  if (/[^,]/.test(rest)) throw new UsageError(`There is no search "${rest.replace(/^,+|,+$/g, '')}".`);
  return found;
}

class UsageError extends Error {}

function positiveInteger(name, text) {
  if (!/^[1-9][0-9]{0,8}$/.test(text)) throw new UsageError(`${name} takes a positive whole number.`);
  return Number(text);
}

module.exports = { operationNames, readOptions, usage, UsageError };
