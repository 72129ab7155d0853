import { issuer, type Json, type Person } from '#test/features/factors/support/factor-scene';
import { openLoginScene, type LoginScene } from '#test/features/login-pages/support/login-scene';
import type { Visitor } from '#test/features/login-pages/support/visitor';
import type { TestDatabase } from '#test/support/databases';

export interface LinkingScene extends LoginScene {
  /** Signs in at the provider as an account with this address, and comes back. */
  arrive(
    connection: string,
    account: Readonly<Record<string, unknown>> & { readonly sub: string },
    visitor?: Visitor,
  ): Promise<Visitor>;
  /** Who a browser is signed in as. */
  me(visitor: Visitor): Promise<Json>;
  /** Connections of a user's identities, the primary first; null: there is no such user. */
  identities(id: string): Promise<readonly string[] | null>;
  code(email: string): Promise<string>;
}

const connections = ['auto', 'ask', 'off', 'unknown', 'second'];

export async function openLinkingScene(database: Pick<TestDatabase, 'url'>): Promise<LinkingScene> {
  const scene = await openLoginScene(database, connections, {
    GATEHOUSE_ATTACK_PROTECTION_LOGIN_BEGINS_PER_MINUTE: '1000',
  });
  const believed = { emailVerifiedPolicy: 'TRUST_CLAIM', linkingDomains: ['example.com'] };
  await scene.addConnection('auto', { ...believed, linking: 'AUTO_VERIFIED' });
  await scene.addConnection('second', { ...believed, linking: 'AUTO_VERIFIED' });
  await scene.addConnection('ask', believed);
  await scene.addConnection('off', { ...believed, linking: 'OFF' });
  await scene.addConnection('unknown', { emailVerifiedPolicy: 'TRUST_CLAIM' });
  return {
    ...scene,
    async arrive(connection, account, visitor = scene.visitor()) {
      scene.provider.account = { email_verified: true, ...account };
      return visitor.open(`${issuer}/login/${connection}?client_id=${scene.clientId}`);
    },
    async me(visitor) {
      const headers = { cookie: `gid_session=${visitor.session ?? ''}`, origin: issuer };
      const { data } = await scene.app.ask(
        '{ me { id name } currentSession { authenticationMethods { name connection } } }',
        { headers },
      );
      return data;
    },
    async identities(id) {
      const { user } = await scene.admin('query ($id: ID!) { user(id: $id) { identities { connection } } }', {
        id,
      });
      return user === null ? null : user.identities.map((identity: Json) => identity.connection);
    },
    async code(email) {
      const { text } = await scene.mail(email);
      return /code: (\d{6})/.exec(text)?.[1] ?? text;
    },
  };
}

/** A person’s browser signed in by password, before the pages of the gateway. */
export async function signedIn(scene: LinkingScene, person: Person): Promise<Visitor> {
  await person.signIn();
  const visitor = await scene.visitor().open(scene.page());
  person.cookies.set('gid_txn', visitor.browser.cookie(issuer, 'gid_txn') ?? '');
  return visitor;
}

export const answerOf = `result { __typename ... on LinkPrompt { linkToken kind connection maskedEmail proofs }
  ... on MfaChallenge { mfaToken factors } } user { id } session { id }`;
