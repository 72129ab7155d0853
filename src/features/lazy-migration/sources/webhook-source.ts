import {
  SourceFault,
  type Finding,
  type MigrationSource,
  type SourceChange,
  type SourceReply,
  type Verdict,
} from './migration-source';
import { asObject, callSource, objectIn, type CallParts } from './signed-call';
import type { SettingsOf } from './source-settings';

/**
 * One URL for both questions: `{"action": "verify", "identifier", "password"}` is answered `{"status": "password_match", "user": {…}}`,
 * `{"action": "lookup", "identifier"}` is answered `{"status": "found", "user": {…}}`. What it is told, `{"action": "create", "user": {…}}` say,
 * it answers with `{"status": "done"}`, `refused` or `user_exists`.
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
    tell: async (change): Promise<SourceReply> => {
      const reply = replies[String((await ask(bodyOf(change)))['status'])];
      if (reply === undefined) throw new SourceFault('BAD_ANSWER');
      return reply;
    },
  };
}

const replies: Readonly<Record<string, SourceReply>> = {
  done: 'done',
  refused: 'refused',
  user_exists: 'taken',
  not_found: 'refused',
};

function bodyOf(change: SourceChange): object {
  const action = change.kind.toLowerCase();
  switch (change.kind) {
    case 'CREATE':
      return { action, user: change.user };
    case 'VERIFY':
      // `verify` asks about a password.
      return { action: 'email_verified', email: change.email };
    case 'CHANGE_PASSWORD':
      return { action, identifier: change.identifier, password: change.password };
    case 'CHANGE_EMAIL':
      return {
        ...{ action, user_id: change.userId, email: change.email },
        ...{ new_email: change.newEmail, verified: change.isVerified },
      };
    case 'DELETE':
    case 'MIGRATED':
      return { action, user_id: change.userId };
  }
}
