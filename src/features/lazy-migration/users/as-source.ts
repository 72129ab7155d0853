import type { Call } from '#src/access/call';
import { principal } from '#src/access/principal';

/** Who acts: the source of a connection, for whoever signs in is nobody yet. */
export function asSource(call: Call, connection: string): Call {
  return {
    ...call,
    principal: principal({
      kind: 'machine',
      userId: null,
      subject: `migration:${connection}`,
      sessionId: null,
      organizationId: null,
      permissions: [],
      roles: [],
      acr: null,
      authenticatedAt: null,
    }),
  };
}
