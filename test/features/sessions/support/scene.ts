import type { TokenGrant } from '#src/features/sessions/tokens/access-token';
import { openGateway, type Gateway } from '#test/features/sessions/support/gateway';
import type { TestDatabase } from '#test/support/databases';

/** A fresh user with the role `support` and a session before each test. */
export interface Scene {
  readonly gateway: Gateway;
  readonly userId: string;
  readonly email: string;
  readonly secret: string;
  readonly sessionId: string;
  readonly roleId: string;
  /** Unique in the block. */
  readonly count: number;
  /** An `Authorization` header of the user, with no bound unless the grant says so. */
  bearer(grant?: Partial<TokenGrant>): Promise<string>;
}

/** Call it inside a describe block; the answer gives the scene of the test that runs. */
export function sceneOf(database: TestDatabase): () => Scene {
  let gateway: Gateway;
  let roleId: string;
  let scene: Scene;
  let count = 0;

  beforeAll(async () => {
    gateway = await openGateway(database);
    roleId = await gateway.givenRole('support', ['read:users', 'read:sessions']);
  });
  afterEach(() => gateway.close());
  beforeEach(async () => {
    count += 1;
    const email = `user${count}@example.com`;
    const userId = await gateway.givenUser(email);
    await gateway.assignments.addRoles(gateway.call(), { id: userId, roleIds: [roleId] });
    const { secret, session } = await gateway.signIn(email);
    const bearer = async (grant: Partial<TokenGrant> = {}): Promise<string> => {
      const { token } = await gateway.feature.issueToken({
        subject: userId,
        clientId: 'app',
        permissions: 'all',
        roles: 'all',
        lifetimeSeconds: 900,
        ...grant,
      });
      return `Bearer ${token}`;
    };
    scene = { gateway, userId, email, secret, sessionId: session.id, roleId, count, bearer };
  });
  return () => scene;
}
