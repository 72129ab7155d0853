import type { FastifyReply, FastifyRequest } from 'fastify';
import { initialsImage } from './picture';
import type { Route } from '#src/http/routes';

const longestName = 32;

/** The images of initials that generated picture URLs point to. They depend on their address alone. */
export const initialsRoute: Route = {
  methods: ['GET'],
  path: '/pictures/initials/:name',
  handler: (request: FastifyRequest, reply: FastifyReply) => {
    const { name } = request.params as { name: string };
    if (!name.endsWith('.svg') || name.length > longestName) return reply.callNotFound();
    // SECURITY: an SVG opened by itself is a document; this one may load and run nothing.
    return reply
      .header('content-security-policy', "default-src 'none'; sandbox")
      .header('x-content-type-options', 'nosniff')
      .header('cache-control', 'public, max-age=86400, immutable')
      .type('image/svg+xml')
      .send(initialsImage(name.slice(0, -'.svg'.length)));
  },
};
