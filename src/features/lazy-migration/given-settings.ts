import type { SourceWrite } from '#src/features/lazy-migration/sources/migration-source';
import { commonErrors } from '#src/shared/errors';

interface GivenAuthentication {
  readonly kind: 'BEARER' | 'BASIC' | 'HMAC';
  readonly username?: string | null | undefined;
  readonly secret: string;
}

interface GivenUrl {
  readonly url: string;
  readonly authentication?: GivenAuthentication | null | undefined;
}

/** A source as callers write it. */
export interface GivenSource {
  readonly http?: GivenUrl | null | undefined;
  readonly webhook?: GivenUrl | null | undefined;
  readonly sql?:
    | {
        readonly database: string;
        readonly query: string;
        readonly hashColumn?: string | null | undefined;
      }
    | null
    | undefined;
  readonly script?:
    | {
        readonly script: string;
        readonly hosts?: readonly string[] | null | undefined;
        readonly configuration?:
          readonly { readonly name: string; readonly value: string }[] | null | undefined;
        readonly passContext?: boolean | null | undefined;
      }
    | null
    | undefined;
  readonly okta?: { readonly url: string; readonly token: string } | null | undefined;
  readonly cognito?: object | null | undefined;
  readonly timeoutMs?: number | null | undefined;
  readonly prefixIds?: boolean | null | undefined;
  readonly allowReimport?: boolean | null | undefined;
  readonly writeBack?: readonly SourceWrite[] | null | undefined;
}

/** The settings that are meant, yet unchecked; VALIDATION_FAILED where none or several sources are given. */
export function settingsOf(given: GivenSource): object {
  const { http, webhook, sql, script, okta, cognito } = given;
  const named = [http, webhook, sql, script, okta, cognito].filter(
    (source) => source !== null && source !== undefined,
  );
  if (named.length !== 1) {
    throw commonErrors.VALIDATION_FAILED({
      message: 'Give exactly one of http, webhook, sql, script, okta and cognito.',
      extensions: { field: 'http' },
    });
  }
  const shared = {
    timeoutMs: given.timeoutMs ?? null,
    prefixIds: given.prefixIds ?? true,
    allowReimport: given.allowReimport ?? false,
    writeBack: given.writeBack ?? [],
  };
  if (sql) {
    const { database, query, hashColumn } = sql;
    return { kind: 'SQL', database, query, ...(hashColumn ? { hashColumn } : {}), ...shared };
  }
  if (script) {
    const { configuration } = script;
    return {
      ...{ kind: 'SCRIPT', script: script.script, hosts: script.hosts ?? [] },
      passContext: script.passContext ?? false,
      configuration: Object.fromEntries((configuration ?? []).map(({ name, value }) => [name, value])),
      ...shared,
    };
  }
  if (okta) return { kind: 'OKTA', ...okta, ...shared };
  if (cognito) return { kind: 'COGNITO', ...cognito, ...shared };
  const { url, authentication } = (http ?? webhook) as GivenUrl;
  return {
    kind: http ? 'HTTP' : 'WEBHOOK',
    url,
    authentication: credentialOf(authentication ?? null),
    ...shared,
  };
}

function credentialOf(given: GivenAuthentication | null): object | null {
  if (given === null) return null;
  const { kind, username, secret } = given;
  if (kind === 'BEARER') return { kind, token: secret };
  return kind === 'BASIC' ? { kind, username: username ?? '', password: secret } : { kind, key: secret };
}
