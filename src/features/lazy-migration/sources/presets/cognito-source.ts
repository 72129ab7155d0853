import { createHmac } from 'node:crypto';
import { mapCognitoJson } from '#src/features/transfers/formats/cognito/map-cognito';
import {
  SourceFault,
  type Finding,
  type MigrationSource,
  type Verdict,
} from '#src/features/lazy-migration/sources/migration-source';
import { objectIn, sendToSource, type CallParts } from '#src/features/lazy-migration/sources/signed-call';
import type { SettingsOf } from '#src/features/lazy-migration/sources/source-settings';
import { signedHeaders } from './aws-signature';
import { vendorProfile } from './vendor-profile';

type Settings = SettingsOf<'COGNITO'>;
type Answer = Readonly<Record<string, unknown>>;

export function cognitoUrl({ url, region }: Pick<Settings, 'url' | 'region'>): string {
  return `${(url ?? `https://cognito-idp.${region}.amazonaws.com`).replace(/\/+$/, '')}/`;
}

/** Amazon Cognito: the password flow of an app client, and the user of the pool by an IAM key. */
export function openCognitoSource(parts: CallParts, settings: Settings): MigrationSource {
  const url = cognitoUrl(settings);
  const { userPoolId, clientId, clientSecret } = settings;

  /** Answers the name of the error beside what was answered; null: none. */
  const ask = async (
    action: string,
    content: object,
    isSigned: boolean,
  ): Promise<{ readonly error: string | null; readonly answer: Answer }> => {
    const body = JSON.stringify(content);
    const headers = {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `AWSCognitoIdentityProviderService.${action}`,
    };
    const signed = isSigned
      ? signedHeaders({ ...settings, service: 'cognito-idp', url, headers, body, now: parts.clock.now() })
      : headers;
    const received = await sendToSource(parts, { method: 'POST', url, headers: signed, body });
    if (received.status === 200) return { error: null, answer: objectIn(received) };
    if (received.status !== 400) throw new SourceFault('BAD_STATUS');
    const answer = objectIn(received);
    const { __type: type } = answer;
    return { error: typeof type === 'string' ? type.replace(/^.*#/, '') : '', answer };
  };

  const lookUp = async (username: string): Promise<Finding> => {
    const { error, answer } = await ask('AdminGetUser', { UserPoolId: userPoolId, Username: username }, true);
    if (error === 'UserNotFoundException') return { kind: 'unknown' };
    if (error !== null) throw new SourceFault('BAD_STATUS');
    const { UserAttributes, ...user } = answer;
    const record = { ...user, Attributes: UserAttributes };
    return { kind: 'found', profile: vendorProfile(mapCognitoJson, record) };
  };

  const verify = async (username: string, password: string): Promise<Verdict> => {
    const parameters = { USERNAME: username, PASSWORD: password };
    const secretHash =
      clientSecret === null
        ? {}
        : {
            SECRET_HASH: createHmac('sha256', clientSecret)
              .update(username + clientId)
              .digest('base64'),
          };
    const { error, answer } = await ask(
      'InitiateAuth',
      {
        ...{ AuthFlow: 'USER_PASSWORD_AUTH', ClientId: clientId },
        AuthParameters: { ...parameters, ...secretHash },
      },
      false,
    );
    if (error === 'UserNotFoundException') return { kind: 'unknown' };
    if (error === 'NotAuthorizedException' || error === 'PasswordResetRequiredException')
      return { kind: 'mismatch' };
    if (error === 'UserNotConfirmedException') return { kind: 'mismatch' };
    if (error !== null) throw new SourceFault('BAD_STATUS');
    // A challenge for a second factor comes after the right password; any other is about the password itself.
    const { ChallengeName: challenge, AuthenticationResult: result } = answer;
    const isRight =
      (result !== undefined && result !== null) ||
      ['SMS_MFA', 'SOFTWARE_TOKEN_MFA', 'EMAIL_OTP', 'SELECT_MFA_TYPE', 'MFA_SETUP'].includes(
        String(challenge),
      );
    if (!isRight) return { kind: 'mismatch' };
    const found = await lookUp(username);
    if (found.kind === 'unknown') throw new SourceFault('BAD_ANSWER');
    return { kind: 'match', profile: found.profile };
  };

  return { verify, lookUp };
}
