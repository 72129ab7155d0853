import { SourceFault, type Finding, type MigrationSource, type Verdict } from './migration-source';
import { asObject, callSource, objectIn, type CallParts } from './signed-call';
import type { SettingsOf } from './source-settings';

/**
 * One URL for both questions: `{"action": "verify", "identifier", "password"}` is answered `{"status": "password_match", "user": {…}}`,
 * `{"action": "lookup", "identifier"}` is answered `{"status": "found", "user": {…}}`.
 */
export function openWebhookSource(
  parts: CallParts,
  { url, authentication }: SettingsOf<'WEBHOOK'>,
): MigrationSource {
  const ask = async (body: object): Promise<Readonly<Record<string, unknown>>> => {
    const answer = await callSource(parts, authentication, { method: 'POST', url, body });
    if (answer.status === 404) return { status: 'not_found' };
    if (answer.status === 401 || answer.status === 403) return { status: 'password_mismatch' };
    if (answer.status !== 200) throw new SourceFault('BAD_STATUS');
    return objectIn(answer);
  };

  return {
    verify: async (identifier, password): Promise<Verdict> => {
      const answer = await ask({ action: 'verify', identifier, password });
      if (answer['status'] === 'password_match') return { kind: 'match', profile: asObject(answer['user']) };
      if (answer['status'] === 'password_mismatch') return { kind: 'mismatch' };
      if (answer['status'] === 'not_found') return { kind: 'unknown' };
      throw new SourceFault('BAD_ANSWER');
    },
    lookUp: async (identifier): Promise<Finding> => {
      const answer = await ask({ action: 'lookup', identifier });
      if (answer['status'] === 'found') return { kind: 'found', profile: asObject(answer['user']) };
      if (answer['status'] === 'not_found') return { kind: 'unknown' };
      throw new SourceFault('BAD_ANSWER');
    },
  };
}
