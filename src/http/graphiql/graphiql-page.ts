import { join } from 'node:path';
import type { Route } from '#src/http/routes';
import { openAssets, type AssetStore } from './asset-store';

export interface GraphiqlOptions {
  /** Path of the GraphQL endpoint on this origin, such as `/graphql`. */
  readonly endpoint: string;
  /** Where the bundled page lies; by default the `assets` folder beside this module. */
  readonly assetsFolder?: string;
  readonly enabled: boolean;
}

/** The parts of an HTTP request and reply that the page uses; a Fastify request and reply fit. */
interface PageRequest {
  readonly headers: { readonly [name: string]: string | string[] | undefined };
  readonly params?: unknown;
}

interface PageReply {
  code(status: number): PageReply;
  header(name: string, value: string): PageReply;
  send(body: string | Buffer): unknown;
}

type PageHandler = (request: PageRequest, reply: PageReply) => unknown;

/**
 * The routes of the GraphiQL page and of its files; none when the page is switched off. The first route's handler may
 * also answer a browser's GET of the GraphQL endpoint, see `wantsGraphiql`.
 */
export function createGraphiqlRoutes(options: GraphiqlOptions): Route[] {
  if (!options.enabled) return [];
  const assets = openAssets(options.assetsFolder ?? join(__dirname, 'assets'));
  return [
    {
      methods: ['GET'],
      path: '/graphiql',
      handler: assets ? pageHandler(options.endpoint, assets) : answerNotBuilt,
    },
    {
      methods: ['GET'],
      path: '/graphiql/assets/:file',
      handler: assets ? assetHandler(assets) : answerNotBuilt,
    },
    // The address that a person types first. Without the page nothing is there.
    {
      methods: ['GET'],
      path: '/',
      handler: (_request, reply) => reply.code(302).header('location', '/graphiql').send(''),
    },
  ];
}

/**
 * Whether a GET of the GraphQL endpoint is a person opening it in a browser: HTML is asked for by name, at least as
 * much as JSON, and there is no operation to run.
 */
export function wantsGraphiql(accept: string | undefined, query: unknown): boolean {
  const isOperation =
    typeof query === 'object' && query !== null && ('query' in query || 'extensions' in query);
  if (isOperation || accept === undefined) return false;
  const html = qualityOf(accept, 'text/html');
  const json = Math.max(
    qualityOf(accept, 'application/json'),
    qualityOf(accept, 'application/graphql-response+json'),
  );
  return html > 0 && html >= json;
}

/**
 * Scripts, workers, requests and fonts come from this origin only, and no script may stand in the page itself.
 * Styles are the one exception: the editor makes style elements and places its lines with style attributes, and offers
 * no nonce for them. The style sheet carries its fonts and icons as data.
 */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "connect-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self' data:",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  // SECURITY: clickjacking. A page that can send the session cookie must not be shown inside another one.
  "frame-ancestors 'none'",
].join('; ');

const pageHeaders: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': contentSecurityPolicy,
  'x-frame-options': 'DENY',
  'x-content-type-options': 'nosniff',
  // SECURITY: the address may hold an operation; it must not reach another site as a referrer.
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-cache',
  vary: 'Accept',
};

function pageHandler(endpoint: string, assets: AssetStore): PageHandler {
  const html = renderShell(endpoint, assets);
  return (_request, reply) => {
    for (const [name, value] of Object.entries(pageHeaders)) reply.header(name, value);
    return reply.code(200).send(html);
  };
}

/** SECURITY: cross-site scripting. The shell is the same for every request: nothing a visitor sent is written into it. */
function renderShell(endpoint: string, assets: AssetStore): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Gatehouse GraphiQL</title>
<link rel="icon" type="image/svg+xml" href="/graphiql/assets/${assets.favicon}">
<link rel="stylesheet" href="/graphiql/assets/${assets.style}">
<script type="module" src="/graphiql/assets/${assets.script}"></script>
</head>
<body>
<div id="graphiql" data-endpoint="${escapeAttribute(endpoint)}"><p role="status">Loading GraphiQL…</p></div>
<noscript>GraphiQL needs JavaScript. Programs send their operations to ${escapeAttribute(endpoint)} with POST.</noscript>
</body>
</html>
`;
}

function assetHandler(assets: AssetStore): PageHandler {
  return (request, reply) => {
    const name = (request.params as { readonly file?: string } | undefined)?.file ?? '';
    const asset = assets.find(name, qualityOf(String(request.headers['accept-encoding'] ?? ''), 'gzip') > 0);
    reply.header('x-content-type-options', 'nosniff').header('cross-origin-resource-policy', 'same-origin');
    if (!asset) {
      reply.header('content-type', 'text/plain; charset=utf-8').header('cache-control', 'no-store');
      return reply.code(404).send('There is no such file.');
    }
    if (asset.isGzip) reply.header('content-encoding', 'gzip');
    reply.header('content-type', asset.contentType).header('vary', 'Accept-Encoding');
    // The name changes with the contents, so a copy never goes stale.
    return reply.header('cache-control', 'public, max-age=31536000, immutable').code(200).send(asset.body);
  };
}

function answerNotBuilt(_request: PageRequest, reply: PageReply): unknown {
  reply.header('content-type', 'text/plain; charset=utf-8').header('cache-control', 'no-store');
  return reply.code(503).send('The GraphiQL page has not been built. Run "npm run build" and start again.');
}

/** The weight a header gives to one media type or coding named in full; 0 when it does not name it. */
function qualityOf(header: string, name: string): number {
  for (const item of header.toLowerCase().split(',')) {
    const [value = '', ...parameters] = item.split(';').map((part) => part.trim());
    if (value !== name) continue;
    const weight = Number(parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? 1);
    return Number.isFinite(weight) ? weight : 0;
  }
  return 0;
}

function escapeAttribute(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
