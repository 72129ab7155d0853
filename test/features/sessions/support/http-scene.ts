import { eachDatabase } from '#test/support/databases';
import {
  openGateway,
  password,
  type Gateway,
  type GatewayOptions,
} from '#test/features/sessions/support/gateway';
import { browserHeaders, cookieIn, serveGateway } from '#test/features/sessions/support/served';

export const signIn = `mutation ($input: SignInInput!) {
  signIn(input: $input) { session { id current status } user { id email } }
}`;

/** One user in front of the served gateway, a fresh one before each test. */
export interface HttpScene {
  readonly gateway: Gateway;
  readonly served: Awaited<ReturnType<typeof serveGateway>>;
  readonly userId: string;
  readonly email: string;
  /** Unique in the block. */
  readonly count: number;
}

export type SceneTools = ReturnType<typeof toolsOf>;

/** Runs tests over a socket on each database. `scene` gives the user of the test that runs. */
export function overHttp(
  title: string,
  tests: (scene: () => HttpScene, tools: SceneTools) => void,
  options: GatewayOptions = {},
): void {
  eachDatabase(title, (database) => {
    let gateway: Gateway;
    let served: HttpScene['served'];
    let current: HttpScene;
    let count = 0;

    beforeAll(async () => {
      gateway = await openGateway(database, options);
      served = await serveGateway(gateway);
    });
    afterAll(async () => {
      await served.close();
      await gateway.close();
    });
    beforeEach(async () => {
      count += 1;
      const email = `jane${count}@example.com`;
      current = { gateway, served, email, count, userId: await gateway.givenUser(email) };
    });
    const scene = (): HttpScene => current;
    tests(scene, toolsOf(scene));
  });
}

function toolsOf(scene: () => HttpScene) {
  const input = (more: object = {}) => ({ input: { identifier: scene().email, password, ...more } });
  const machine = async (...permissions: string[]): Promise<Record<string, string>> => {
    const { token } = await scene().gateway.feature.issueToken({
      subject: 'machine',
      clientId: 'machine',
      permissions,
      roles: [],
      lifetimeSeconds: 900,
    });
    return { authorization: `Bearer ${token}` };
  };
  const tokenOf = async (subject: string, sessionId?: string): Promise<Record<string, string>> => {
    const { token } = await scene().gateway.feature.issueToken({
      subject,
      clientId: 'app',
      permissions: 'all',
      roles: 'all',
      lifetimeSeconds: 900,
      ...(sessionId !== undefined && { sessionId }),
    });
    return { authorization: `Bearer ${token}` };
  };
  /** Signs in as a browser does; answers its headers for the next requests and the id of the session. */
  const browser = async (): Promise<{ headers: Record<string, string>; id: string; secret: string }> => {
    const { data, cookies } = await scene().served.ask(signIn, {
      variables: input(),
      headers: browserHeaders(),
    });
    const secret = cookieIn(cookies) as string;
    return { headers: browserHeaders(secret), id: data.signIn.session.id, secret };
  };
  return { input, machine, tokenOf, browser };
}
