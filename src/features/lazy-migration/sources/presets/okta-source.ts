import { mapOkta } from '#src/features/transfers/formats/okta/map-okta';
import {
  SourceFault,
  type Finding,
  type MigrationSource,
  type Verdict,
} from '#src/features/lazy-migration/sources/migration-source';
import { sendToSource, objectIn, type CallParts } from '#src/features/lazy-migration/sources/signed-call';
import type { SettingsOf } from '#src/features/lazy-migration/sources/source-settings';
import { vendorProfile } from './vendor-profile';

/** The password was right, whatever Okta would ask for next. */
const rightStates: ReadonlySet<unknown> = new Set([
  ...['SUCCESS', 'PASSWORD_WARN', 'MFA_REQUIRED', 'MFA_ENROLL', 'MFA_ENROLL_ACTIVATE'],
]);

/** Okta: its primary authentication says whether the password is right, its users API who it is. */
export function openOktaSource(parts: CallParts, { url, token }: SettingsOf<'OKTA'>): MigrationSource {
  const base = url.replace(/\/+$/, '');

  const lookUp = async (login: string): Promise<Finding> => {
    const answer = await sendToSource(parts, {
      method: 'GET',
      url: `${base}/api/v1/users/${encodeURIComponent(login)}`,
      headers: { accept: 'application/json', authorization: `SSWS ${token}` },
    });
    if (answer.status === 404) return { kind: 'unknown' };
    if (answer.status !== 200) throw new SourceFault('BAD_STATUS');
    return { kind: 'found', profile: vendorProfile(mapOkta, objectIn(answer)) };
  };

  const verify = async (username: string, password: string): Promise<Verdict> => {
    const answer = await sendToSource(parts, {
      method: 'POST',
      url: `${base}/api/v1/authn`,
      headers: { accept: 'application/json', 'content-type': 'application/json' },
      body: JSON.stringify({
        ...{ username, password },
        options: { multiOptionalFactorEnroll: false, warnBeforePasswordExpired: false },
      }),
    });
    // Okta does not tell an unknown person from a wrong password.
    if (answer.status === 401 || answer.status === 403) return { kind: 'mismatch' };
    if (answer.status !== 200) throw new SourceFault('BAD_STATUS');
    const { status, _embedded: embedded } = objectIn(answer);
    if (!rightStates.has(status)) return { kind: 'mismatch' };
    const { user } = (embedded ?? {}) as { readonly user?: { readonly id?: unknown } };
    if (typeof user?.id !== 'string') throw new SourceFault('BAD_ANSWER');
    const found = await lookUp(user.id);
    if (found.kind === 'unknown') throw new SourceFault('BAD_ANSWER');
    return { kind: 'match', profile: found.profile };
  };

  return { verify, lookUp };
}
