import type { IncomingMessage } from 'node:http';
import type { SourceUser } from '#test/features/lazy-migration/support/fake-source';

type Users = ReadonlyMap<string, SourceUser>;
type Answer = readonly [status: number, content: object];

/** What Okta or Cognito would answer about the users of a fake source; null: the call is for neither. */
export function vendorAnswer(
  users: Users,
  { url = '', headers }: Pick<IncomingMessage, 'url' | 'headers'>,
  given: Readonly<Record<string, unknown>>,
): Answer | null {
  if (url === '/api/v1/authn') {
    const user = users.get(String(given['username']));
    if (user === undefined || user.password !== given['password']) return [401, {}];
    return [200, { status: 'SUCCESS', _embedded: { user: { id: user.profile['user_id'] } } }];
  }
  if (url.startsWith('/api/v1/users/'))
    return oktaUser(users, decodeURIComponent(url.split('/').at(-1) ?? ''));
  const action = String(headers['x-amz-target'] ?? '').split('.')[1];
  return action === undefined ? null : cognito(users, action, given);
}

function oktaUser(users: Users, name: string): Answer {
  const user = users.get(name) ?? [...users.values()].find(({ profile }) => profile['user_id'] === name);
  if (user === undefined) return [404, {}];
  const { user_id: id, email } = user.profile;
  return [200, { id, status: 'ACTIVE', profile: { login: email, email }, credentials: {} }];
}

function cognito(users: Users, action: string, given: Readonly<Record<string, unknown>>): Answer {
  const parameters = given['AuthParameters'] as { USERNAME: string; PASSWORD: string } | undefined;
  const user = users.get(parameters?.USERNAME ?? String(given['Username']));
  if (user === undefined) return [400, { __type: 'UserNotFoundException' }];
  if (action === 'InitiateAuth')
    return parameters?.PASSWORD === user.password
      ? [200, { AuthenticationResult: { AccessToken: 'x' } }]
      : [400, { __type: 'NotAuthorizedException' }];
  const { user_id: sub, email } = user.profile;
  const attributes = Object.entries({ sub, email }).map(([Name, Value]) => ({ Name, Value }));
  return [200, { Username: sub, Enabled: true, UserStatus: 'CONFIRMED', UserAttributes: attributes }];
}
