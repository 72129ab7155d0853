// Serves one example on a port of loopback: `node examples/serve.mjs cookie-spa --port 5173 --gatehouse http://127.0.0.1:4000`.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const here = dirname(fileURLToPath(import.meta.url));
const types = { html: 'text/html', js: 'text/javascript', css: 'text/css' };
const files = new Set(['index.html', 'app.js', 'style.css']);

/** Starts the server; port 0 takes a free one. Answers its address. */
export async function serve(
  example,
  { port = 5173, gatehouse = 'http://127.0.0.1:4000', clientId = '' } = {},
) {
  const server = createServer(async (request, response) => {
    const name = request.url === '/' ? 'index.html' : request.url.slice(1);
    response.setHeader(
      'content-security-policy',
      `default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src ${gatehouse}; base-uri 'none'; frame-ancestors 'none'`,
    );
    response.setHeader('x-content-type-options', 'nosniff');
    if (name === 'config.js') {
      // Where the gateway is comes from whoever runs the page, never from its address bar: a link must not send passwords elsewhere.
      response.setHeader('content-type', 'text/javascript; charset=utf-8');
      const lines = Object.entries({ gatehouse, clientId });
      response.end(lines.map(([key, value]) => `export const ${key} = ${JSON.stringify(value)};\n`).join(''));
      return;
    }
    if (!files.has(name)) {
      response.statusCode = 404;
      response.end();
      return;
    }
    const folder = name === 'style.css' ? here : join(here, example);
    response.setHeader('content-type', `${types[name.split('.').at(-1)]}; charset=utf-8`);
    response.end(await readFile(join(folder, name)));
  });
  await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { port: { type: 'string' }, gatehouse: { type: 'string' }, client: { type: 'string' } },
  });
  const { url } = await serve(positionals[0] ?? 'cookie-spa', {
    port: Number(values.port ?? 5173),
    gatehouse: values.gatehouse ?? 'http://127.0.0.1:4000',
    clientId: values.client ?? '',
  });
  console.log(`${url} (the gateway must allow this origin: GATEHOUSE_ALLOWED_WEB_ORIGINS=${url})`);
}
