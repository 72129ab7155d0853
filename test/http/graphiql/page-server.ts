import Fastify, { type FastifyInstance } from 'fastify';
import { buildSchema, graphql } from 'graphql';
import { createGraphiqlRoutes, wantsGraphiql } from '#src/http/graphiql/graphiql-page';

/** What one POST to the endpoint carried. */
export interface ReceivedOperation {
  readonly operationName: string | undefined;
  readonly authorization: string | undefined;
  readonly cookie: string | undefined;
}

export interface PageServer {
  readonly origin: string;
  readonly received: ReceivedOperation[];
  close(): Promise<void>;
}

export const hostileText = '<img src=x onerror="window.attacked = 1"><script>window.attacked = 1</script>';

const schema = buildSchema(`
  type Query { viewer: Viewer!  me: User  hostile: String }
  type Viewer { kind: String!  permissions: [String!]! }
  "${hostileText.replaceAll('"', "'")}"
  type User { id: ID!  email: String  name: String }
`);

/** A small GraphQL server on a free loopback port that serves the page from `assetsFolder`. */
export async function startPageServer(assetsFolder: string): Promise<PageServer> {
  const received: ReceivedOperation[] = [];
  const app = Fastify();
  addRoutes(app, assetsFolder, received);
  const origin = await app.listen({ host: '127.0.0.1', port: 0 });
  return { origin, received, close: () => app.close() };
}

function addRoutes(app: FastifyInstance, assetsFolder: string, received: ReceivedOperation[]): void {
  const routes = createGraphiqlRoutes({ endpoint: '/graphql', assetsFolder, enabled: true });
  for (const { path, handler } of routes) app.get(path, handler);
  app.get('/graphql', (request, reply) =>
    wantsGraphiql(request.headers.accept, request.query)
      ? routes[0]?.handler(request, reply)
      : reply.code(400).send({ errors: [{ message: 'There is no operation.' }] }),
  );
  app.get('/framing', (_request, reply) =>
    reply.type('text/html').send('<!doctype html><title>Framing</title><iframe src="/graphiql"></iframe>'),
  );
  app.post('/graphql', (request) => {
    const body = request.body as {
      query: string;
      operationName?: string;
      variables?: Record<string, unknown>;
    };
    const { authorization, cookie } = request.headers;
    received.push({ operationName: body.operationName, authorization, cookie });
    const rootValue = {
      viewer: {
        kind: authorization ? 'MACHINE' : 'ANONYMOUS',
        permissions: authorization ? ['read:users'] : [],
      },
      hostile: hostileText,
    };
    return graphql({
      schema,
      source: body.query,
      rootValue,
      variableValues: body.variables ?? null,
      operationName: body.operationName ?? null,
    });
  });
}
