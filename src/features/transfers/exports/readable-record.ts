import type { AccessRequest, ObjectFacts, Verdict } from '#src/access/decide';
import { maskValue } from '#src/access/mask';
import { pruneAttribute } from '#src/access/prune';
import { readableAttributes } from '#src/features/users/profile/readable-attributes';
import { toIso, type Instant } from '#src/shared/clock';
import { exportVerdict, isMasked } from './export-verdict';
import type { ExportRow } from './export-rows.repository';

/** A user as an export holds it, under the names of the native schema; absent: not there, or not for the reader. */
export type ExportRecord = Readonly<Record<string, unknown>>;

/** Whether any stored rule or list could say something different of one user than of another. */
export function needsFacts({ policy }: AccessRequest): boolean {
  return policy.rules.length > 0 || policy.blacklist.length > 0;
}

export function factsOf({ user, identities, organizations }: ExportRow): ObjectFacts {
  return {
    ownerId: user.id,
    connections: identities.map(({ connection }) => connection),
    strategies: identities.map(({ provider }) => provider),
    organizations: organizations.map(({ id }) => id),
  };
}

/**
 * What of a user whoever asked for the export may take out: each attribute is asked for by the one decision function, masked where a rule
 * says so, and left out where it is denied or blacklisted, in copies that identities keep too.
 */
export class RecordMaker {
  private readonly isRuled: boolean;
  private readonly open = new Map<string, boolean>();

  constructor(
    private readonly request: AccessRequest,
    private readonly maskKey: Buffer,
    private readonly now: Instant,
  ) {
    this.isRuled = needsFacts(request);
  }

  make(row: ExportRow): ExportRecord {
    const { user } = row;
    const facts = factsOf(row);
    const record: Record<string, unknown> = {};
    const put = (name: string, value: unknown, prune?: () => unknown): void => {
      if (value === null || value === undefined) return;
      const shown = this.shown(name, value, facts, prune);
      if (shown !== null && shown !== undefined) record[name] = shown;
    };
    put('user_id', user.id);
    put('email', user.email);
    put('email_verified', user.emailVerified);
    put('username', user.username);
    put('phone_number', user.phoneNumber);
    put('phone_verified', user.phoneVerified);
    put('name', user.name);
    put('given_name', user.givenName);
    put('family_name', user.familyName);
    put('nickname', user.nickname);
    put('picture', user.picture);
    put('blocked', user.blocked);
    put('created_at', iso(user.createdAt));
    put('updated_at', iso(user.updatedAt));
    put('last_login', iso(user.lastLogin));
    put('last_ip', user.lastIp);
    put('logins_count', user.loginsCount);
    put('last_password_reset', iso(user.lastPasswordReset));
    put('multifactor', user.multifactor);
    put('identities', row.identities.length === 0 ? null : row.identities, () => this.identities(row, facts));
    put('user_metadata', row.userMetadata, () => this.pruned('user_metadata', row.userMetadata, facts));
    put('app_metadata', row.appMetadata, () => this.pruned('app_metadata', row.appMetadata, facts));
    put('roles', row.roles.length === 0 ? null : row.roles);
    put(
      'organizations',
      row.organizations.length === 0 ? null : row.organizations.map(({ name }) => ({ name })),
    );
    return record;
  }

  private shown(name: string, value: unknown, facts: ObjectFacts, prune?: () => unknown): unknown {
    if (!this.isRuled) {
      let isOpen = this.open.get(name);
      if (isOpen === undefined)
        this.open.set(name, (isOpen = this.decision(name, facts).decision === 'ALLOW'));
      return isOpen ? (prune ? prune() : value) : null;
    }
    const verdict = this.decision(name, facts);
    if (isMasked(verdict)) return maskValue(verdict.rule?.mask ?? null, value, this.maskKey);
    if (verdict.decision !== 'ALLOW') return null;
    return prune ? prune() : value;
  }

  private decision(name: string, facts: ObjectFacts): Verdict {
    return exportVerdict(this.request, name, facts, this.now);
  }

  private pruned(name: string, value: object, facts: ObjectFacts): unknown {
    return this.isRuled ? pruneAttribute(this.request, name, value, facts) : value;
  }

  private identities({ identities }: ExportRow, facts: ObjectFacts): unknown {
    return identities.map(({ provider, connection, providerUserId, isSocial, profileData }) => {
      const own = { ...facts, connections: [connection], strategies: [provider] };
      const identity: Record<string, unknown> = { provider, connection, user_id: providerUserId, isSocial };
      if (profileData !== null) {
        identity['profileData'] = this.isRuled
          ? readableAttributes(this.request, 'identities.profileData', profileData, own)
          : profileData;
      }
      return this.isRuled ? pruneAttribute(this.request, 'identities', identity, own) : identity;
    });
  }
}

function iso(instant: Instant | null): string | null {
  return instant === null ? null : toIso(instant);
}
