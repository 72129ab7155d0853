'use strict';

const { jsonStatements } = require('../json-statements');
const { endOfPrefix, secretHash } = require('./batched');

/** The floor's second way: the database builds the answer, the server passes the text on. */
function jsonOperations(database) {
  const answer = async (statement, values) => {
    const rows = await database.all(statement, values);
    return rows.length === 0 ? 'null' : rows[0].answer;
  };
  return {
    point: ({ id }) => answer(jsonStatements.point, [id]),
    list: () => answer(jsonStatements.list, [50]),
    deep: () => answer(jsonStatements.deep, [20, Date.now()]),
    'search-exact': ({ email }) => answer(jsonStatements.searchExact, [email]),
    'search-prefix': ({ prefix }) => answer(jsonStatements.searchPrefix, [prefix, endOfPrefix(prefix)]),
    'search-metadata': ({ store, path, text }) => answer(jsonStatements.searchLeaf, [store, path, text]),
    me: ({ cookie }) => answer(jsonStatements.me, [secretHash(cookie), Date.now()]),
    entities: ({ ids }) => answer(jsonStatements.entities, [database.list(ids)]),
  };
}

module.exports = { jsonOperations };
