'use strict';

const { isDeepStrictEqual } = require('node:util');

const casesCompared = 25;

/** Sends the same cases to all servers and compares what they answer; a difference ends the benchmark with both answers. */
async function checkAgreement(operation, cases, servers) {
  for (const testCase of cases.slice(0, casesCompared)) {
    const answers = [];
    for (const server of servers) {
      const answer = await ask(server, server.requestFor(testCase));
      answers.push({
        name: server.name,
        answer: normalize(server.isGraphql ? testCase.pick(answer.data) : answer),
      });
    }
    const [first, ...others] = answers;
    if (first.answer === null)
      throw new Error(`"${operation}" is answered with null: ${JSON.stringify(testCase.input)}`);
    for (const other of others) {
      if (isDeepStrictEqual(first.answer, other.answer)) continue;
      throw new Error(
        `"${operation}" is answered differently for ${JSON.stringify(testCase.input)}:\n` +
          `${first.name}: ${brief(first.answer)}\n${other.name}: ${brief(other.answer)}`,
      );
    }
  }
}

async function ask(server, request) {
  const response = await fetch(`${server.url}${request.path}`, {
    method: request.method,
    headers: request.headers,
    body: request.body,
  });
  const text = await response.text();
  const answer = response.ok ? JSON.parse(text) : null;
  if (!response.ok || answer?.errors !== undefined) {
    throw new Error(`${server.name} answered ${response.status}: ${text.slice(0, 1500)}`);
  }
  return answer;
}

const unordered = new Set(['roles', 'permissions']);

/** The same answer with the lists that have no order of their own sorted, and without null prototypes. */
function normalize(value, key = '') {
  if (Array.isArray(value)) {
    const items = value.map((item) => normalize(item));
    return unordered.has(key)
      ? items.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
      : items;
  }
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, normalize(member, name)]));
}

function brief(answer) {
  return JSON.stringify(answer).slice(0, 3000);
}

module.exports = { ask, checkAgreement, normalize };
