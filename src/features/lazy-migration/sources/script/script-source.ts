import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Outbound } from '#src/http/outbound';
import {
  SourceFault,
  type Finding,
  type MigrationSource,
  type SourceChange,
  type SourceContext,
  type SourceProfile,
  type SourceReply,
  type Verdict,
} from '#src/features/lazy-migration/sources/migration-source';
import { asObject } from '#src/features/lazy-migration/sources/signed-call';
import type { SettingsOf } from '#src/features/lazy-migration/sources/source-settings';
import { ScriptProcess } from './script-process';
import type { CallAnswer, ScriptAnswer, ScriptCall, ScriptFunction } from './script-messages';

export interface ScriptParts {
  /** The file of a configured script, or null. */
  readonly file: (name: string) => string | null;
  readonly outbound: Outbound;
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

const mostBytes = 100 * 1_024;

/** A file of the operator's with `login` and `get_user`, run in a process of its own. */
export function openScriptSource(
  parts: ScriptParts,
  { script: name, hosts, configuration, passContext }: SettingsOf<'SCRIPT'>,
): MigrationSource & { close(): void } {
  let started: Promise<ScriptProcess> | null = null;

  const start = async (): Promise<ScriptProcess> => {
    const file = parts.file(name);
    if (file === null) throw new SourceFault('SCRIPT_UNKNOWN');
    const script = await readFile(file, 'utf8').catch((error: unknown) => {
      throw new SourceFault('SCRIPT_UNKNOWN', error);
    });
    if (Buffer.byteLength(script) > mostBytes) throw new SourceFault('TOO_LARGE');
    const { timeoutMs } = parts;
    return new ScriptProcess({
      script,
      configuration,
      timeoutMs,
      call: (asked) => call(parts, hosts, asked),
    });
  };

  const ask = async (
    action: ScriptFunction,
    args: readonly unknown[],
    context: SourceContext = {},
  ): Promise<ScriptAnswer> => {
    started ??= start().catch((error: unknown) => {
      started = null;
      throw error;
    });
    const answer = await (await started).ask({ action, args: passContext ? [...args, context] : args });
    if (answer.outcome === 'fault') throw new SourceFault('SCRIPT_FAILED');
    return answer;
  };

  return {
    verify: async (identifier, password, context): Promise<Verdict> => {
      const answer = await ask('login', [identifier, password], context);
      if (answer.outcome === 'profile') return { kind: 'match', profile: profileOf(answer) };
      return { kind: answer.outcome === 'mismatch' ? 'mismatch' : 'unknown' };
    },
    lookUp: async (identifier): Promise<Finding> => {
      const answer = await ask('get_user', [identifier]);
      return answer.outcome === 'profile'
        ? { kind: 'found', profile: profileOf(answer) }
        : { kind: 'unknown' };
    },
    tell: async (change): Promise<SourceReply> => {
      const [action, args] = toldAs(change);
      const { outcome } = await ask(action, args);
      if (outcome !== 'done' && outcome !== 'refused' && outcome !== 'taken')
        throw new SourceFault('BAD_ANSWER');
      return outcome;
    },
    close: () =>
      void started?.then(
        (running) => running.close(),
        () => undefined,
      ),
  };
}

/** The function of the contracts that takes a change, and its arguments. */
function toldAs(change: SourceChange): readonly [ScriptFunction, readonly unknown[]] {
  switch (change.kind) {
    case 'CREATE':
      return ['create', [change.user]];
    case 'VERIFY':
      return ['verify', [change.email]];
    case 'CHANGE_PASSWORD':
      return ['change_password', [change.identifier, change.password]];
    case 'DELETE':
      return ['remove', [change.userId]];
    case 'CHANGE_EMAIL':
      return ['change_email', [change.email, change.newEmail, change.isVerified]];
    case 'MIGRATED':
      return ['migrated', [change.userId]];
  }
}

function profileOf({ profile }: ScriptAnswer): SourceProfile {
  return asObject(profile);
}

const headerName = /^[A-Za-z0-9-]{1,100}$/;
const callForm = z.object({
  url: z.url().max(2_048),
  method: z.enum(['GET', 'POST']),
  headers: z.record(
    z.string().regex(headerName),
    z
      .string()
      .max(8_192)
      .regex(/^[^\r\n]*$/),
  ),
  body: z.string().max(1_048_576).nullable(),
});

/** SECURITY: the network of a script is what an administrator has listed, and behind that what every call of the gateway may reach. */
async function call(
  { outbound, timeoutMs, maxBytes }: ScriptParts,
  hosts: readonly string[],
  asked: ScriptCall,
): Promise<Omit<CallAnswer, 'kind' | 'id'>> {
  const none = { status: null, body: '' };
  const { data } = callForm.safeParse(asked);
  if (!data || !hosts.includes(new URL(data.url).host)) return none;
  const { url, method, headers, body } = data;
  try {
    const answer = await outbound.send({
      ...{ url, method, headers, timeoutMs, maxBytes },
      ...(body === null ? {} : { body }),
    });
    return { status: answer.status, body: answer.body.toString('utf8') };
  } catch {
    return none;
  }
}
