import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Outbound } from '#src/http/outbound';
import {
  SourceFault,
  type Finding,
  type MigrationSource,
  type SourceProfile,
  type Verdict,
} from '#src/features/lazy-migration/sources/migration-source';
import { asObject } from '#src/features/lazy-migration/sources/signed-call';
import type { SettingsOf } from '#src/features/lazy-migration/sources/source-settings';
import { ScriptProcess } from './script-process';
import type { CallAnswer, ScriptAnswer, ScriptCall, ScriptQuestion } from './script-messages';

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
  { script: name, hosts, configuration }: SettingsOf<'SCRIPT'>,
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

  const ask = async (question: Omit<ScriptQuestion, 'kind' | 'id'>): Promise<ScriptAnswer> => {
    started ??= start().catch((error: unknown) => {
      started = null;
      throw error;
    });
    const answer = await (await started).ask(question);
    if (answer.outcome === 'fault') throw new SourceFault('SCRIPT_FAILED');
    return answer;
  };

  return {
    verify: async (identifier, password): Promise<Verdict> => {
      const answer = await ask({ action: 'login', identifier, password });
      if (answer.outcome === 'profile') return { kind: 'match', profile: profileOf(answer) };
      return { kind: answer.outcome === 'mismatch' ? 'mismatch' : 'unknown' };
    },
    lookUp: async (identifier): Promise<Finding> => {
      const answer = await ask({ action: 'get_user', identifier, password: '' });
      return answer.outcome === 'profile'
        ? { kind: 'found', profile: profileOf(answer) }
        : { kind: 'unknown' };
    },
    close: () =>
      void started?.then(
        (running) => running.close(),
        () => undefined,
      ),
  };
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
