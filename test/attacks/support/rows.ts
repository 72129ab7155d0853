import type { SessionEntity } from '#src/features/sessions/session.entity';
import { acme } from '#test/attacks/support/cast';

const far = Date.UTC(2100, 0, 1);

/** A session in force whose cookie nobody has. */
export function sessionRow(userId: string, id: string): SessionEntity {
  return {
    id,
    secretHash: id.padEnd(64, '0'),
    userId,
    status: 'ACTIVE',
    createdAt: 1,
    updatedAt: 1,
    authenticatedAt: 1,
    lastInteractedAt: 1,
    idleExpiresAt: far,
    expiresAt: far,
    device: {
      initialIp: '192.0.2.77',
      lastIp: '192.0.2.78',
      initialUserAgent: 'agent one',
      lastUserAgent: 'agent two',
    },
    clients: [],
    authenticationMethods: [{ name: 'pwd', timestamp: 1, connection: 'main' }],
    assurance: 'AAL1',
    cookieMode: 'persistent',
    metadata: { secret: 'in the session', theme: 'dark' },
    organizationId: acme,
    actor: null,
    credentialEpoch: 1,
    endedAt: null,
    endReason: null,
  };
}
