import { SourceFault, type Finding, type MigrationSource, type Verdict } from './migration-source';
import { callSource, objectIn, type CallParts } from './signed-call';
import type { SettingsOf } from './source-settings';

/** `GET {url}/{identifier}` answers the profile or 404; `POST {url}/{identifier}` with the password answers 200, 401, 403 or 404. */
export function openHttpSource(
  parts: CallParts,
  { url, authentication }: SettingsOf<'HTTP'>,
): MigrationSource {
  const addressOf = (identifier: string): string =>
    `${url.replace(/\/+$/, '')}/${encodeURIComponent(identifier)}`;

  const lookUp = async (identifier: string): Promise<Finding> => {
    const answer = await callSource(parts, authentication, { method: 'GET', url: addressOf(identifier) });
    if (answer.status === 404) return { kind: 'unknown' };
    if (answer.status !== 200) throw new SourceFault('BAD_STATUS');
    return { kind: 'found', profile: objectIn(answer) };
  };

  const verify = async (identifier: string, password: string): Promise<Verdict> => {
    const call = { method: 'POST', url: addressOf(identifier), body: { password } } as const;
    const { status } = await callSource(parts, authentication, call);
    if (status === 404) return { kind: 'unknown' };
    if (status === 401 || status === 403) return { kind: 'mismatch' };
    if (status !== 200) throw new SourceFault('BAD_STATUS');
    const found = await lookUp(identifier);
    // A source that has a password but no profile for it contradicts itself.
    if (found.kind === 'unknown') throw new SourceFault('BAD_ANSWER');
    return { kind: 'match', profile: found.profile };
  };

  return { verify, lookUp };
}
