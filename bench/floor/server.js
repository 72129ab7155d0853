'use strict';

/**
 * The floor: the server that an expert would write by hand for exactly these operations. No GraphQL, no authorization.
 * `GET /<way>/<operation>?<argument>=…` or `POST` with a JSON body; `<way>` is `batched` or `json`.
 */

const { createServer } = require('node:http');
const { openDatabase } = require('../drivers');
const { batchedOperations } = require('./batched');
const { jsonOperations } = require('./json');
const { updateMetadata } = require('./write');

const database = openDatabase(process.env.BENCH_DATABASE_URL);
const write = { write: (input) => updateMetadata(database, input) };
const ways = {
  batched: { ...batchedOperations(database), ...write },
  json: { ...jsonOperations(database), ...write },
};

const server = createServer((request, response) => {
  const url = new URL(request.url, 'http://localhost');
  const [, way, operation] = url.pathname.split('/');
  const handler = ways[way]?.[operation];
  if (handler === undefined) return send(response, 404, 'null');
  const run = (input) => {
    Promise.resolve(handler(input)).then(
      (answer) => send(response, 200, typeof answer === 'string' ? answer : JSON.stringify(answer)),
      (error) => {
        console.error(error);
        send(response, 500, JSON.stringify({ error: String(error) }));
      },
    );
  };
  if (request.method === 'GET') {
    const input = Object.fromEntries(url.searchParams);
    const cookie = request.headers.cookie;
    if (cookie !== undefined) input.cookie = cookie.slice(cookie.indexOf('=') + 1);
    run(input);
  } else {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => run(JSON.parse(Buffer.concat(chunks).toString())));
  }
});

function send(response, status, body) {
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}

server.keepAliveTimeout = 60_000;
server.listen(Number(process.env.BENCH_PORT), '127.0.0.1', () => console.log('ready'));
process.on('SIGTERM', () => process.exit(0));
