import type { FastifyInstance } from 'fastify';
import { ConfigError } from '#src/config/config-error';
import type { HttpConfig } from '#src/config/http';

/** Begins to listen; answers the URL to use on this machine. What the operator can put right becomes a ConfigError. */
export async function listen(fastify: FastifyInstance, { host, port }: HttpConfig): Promise<string> {
  try {
    await fastify.listen({ host, port });
  } catch (error) {
    const explain = explanations[(error as NodeJS.ErrnoException).code ?? ''];
    if (!explain) throw error;
    const { key, problem } = explain(host, port);
    throw new ConfigError([{ key, source: `${host}:${port}`, problem }]);
  }
  const address = fastify.server.address();
  const actualPort = typeof address === 'object' && address !== null ? address.port : port;
  const reachable = ['0.0.0.0', '::', ''].includes(host) ? '127.0.0.1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${actualPort}`;
}

type Explain = (host: string, port: number) => { readonly key: string; readonly problem: string };

const explanations: Readonly<Record<string, Explain>> = {
  EADDRINUSE: (_host, port) => ({
    key: 'http.port',
    problem: `port ${port} is already in use; stop the other program or choose another port with GATEHOUSE_PORT`,
  }),
  EACCES: (_host, port) => ({
    key: 'http.port',
    problem: `this account may not listen on port ${port}; choose one above 1023 with GATEHOUSE_PORT`,
  }),
  EADDRNOTAVAIL: (host) => ({
    key: 'http.host',
    problem: `${host} is no address of this machine; set GATEHOUSE_HOST`,
  }),
  ENOTFOUND: (host) => ({ key: 'http.host', problem: `${host} cannot be resolved; set GATEHOUSE_HOST` }),
};
