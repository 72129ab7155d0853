import { segmentsOf } from '#src/access/attribute-path';
import type { Call } from '#src/access/call';
import { decideStored } from '#src/access/decide';
import type { AttributeAction } from '#src/access/rule';
import type { DerivedKey } from '#src/config/open-secrets';
import { openText, sealText } from '#src/config/seal-text';
import type { ApplicationService } from '#src/features/applications/application.service';
import type { AuditService } from '#src/features/audit/audit.service';
import type { ConnectionService } from '#src/features/connections/connection.service';
import { refuseAbove, requireAllKnown } from '#src/features/roles/bulk-ids';
import { badInput } from '#src/features/roles/checked-text';
import { requireTenantScope } from '#src/features/roles/grant-guard';
import { commonErrors } from '#src/shared/errors';
import type { Store } from '#src/storage/store';
import { checkedSecret, checkLoginRedirect, type LoginRedirectDraft } from './check-login-redirect';
import * as stored from './login-redirect.repository';
import type { LoginRedirectRow } from './login-redirect.repository';

export interface SaveLoginRedirect extends LoginRedirectDraft {
  /** The version that was read; needed to change one, absent for a new one. */
  readonly expectedVersion?: number | null;
}

export interface RedirectServices {
  readonly audit: AuditService;
  readonly applications: ApplicationService;
  readonly connections: ConnectionService;
  readonly ring: () => readonly DerivedKey[];
}

/** Each sign-in looks at every one, so there is an end to their number. */
export const mostRedirects = 20;

/** The pages elsewhere that people visit in the middle of their sign-in. Only callers who act for the whole deployment change them. */
export class LoginRedirectService {
  constructor(private readonly services: RedirectServices) {}

  list(store: Store): Promise<LoginRedirectRow[]> {
    return stored.findRedirects(store);
  }

  /** Makes one, or replaces one whose version is still the expected one. */
  save(call: Call, { expectedVersion, secret, ...draft }: SaveLoginRedirect): Promise<LoginRedirectRow> {
    requireTenantScope(call);
    const checked = checkLoginRedirect(draft);
    refuseHidden(call, checked);
    const key = secret === undefined || secret === null ? null : checkedSecret(secret);
    const now = call.clock.now();
    return call.store.transaction(async (store) => {
      await store.execute(store.dialect.advisoryLock('login_redirects'));
      const redirects = await stored.findRedirects(store);
      const known = redirects.find(({ name }) => name === checked.name);
      requireExpected(known, expectedVersion ?? null);
      if (known === undefined) {
        refuseAbove(mostRedirects, redirects.length + 1, `There may be at most ${mostRedirects}.`);
        if (key === null) throw badInput('secret', 'A new one needs a "secret", which its page has as well.');
      }
      await this.requireKnown(store, checked);
      const row: LoginRedirectRow = {
        ...checked,
        version: (known?.version ?? 0) + 1,
        createdAt: known?.createdAt ?? now,
        updatedAt: now,
      };
      await stored.saveRedirect(store, row);
      if (key !== null) {
        const sealed = sealText(this.services.ring(), row.name, key);
        await stored.saveSecret(store, { redirectName: row.name, sealed, updatedAt: now });
      }
      await this.services.audit.record(store, call, {
        ...{ action: 'login_redirect.save', targetType: 'LoginRedirect', targetId: row.name },
        changedPaths: changedSettings(known, row, key !== null),
        details: { version: row.version, isEnabled: row.isEnabled },
      });
      return row;
    });
  }

  /** Deletes one; sign-ins that wait for its page have to begin again. */
  async delete(call: Call, name: string): Promise<void> {
    requireTenantScope(call);
    await call.store.transaction(async (store) => {
      if (!(await stored.deleteRedirect(store, name))) throw commonErrors.NOT_FOUND();
      await this.services.audit.record(store, call, {
        ...{ action: 'login_redirect.delete', targetType: 'LoginRedirect', targetId: name },
      });
    });
  }

  /** The key that its page has as well. SECURITY: to sign and to check tokens alone; never for an answer or a log. */
  async secretOf(store: Store, name: string): Promise<Uint8Array> {
    const sealed = await stored.findSecret(store, name);
    if (sealed === null) throw new Error('A redirect has no secret.');
    return Buffer.from(openText(this.services.ring(), name, sealed));
  }

  private async requireKnown(
    store: Store,
    { applicationIds, connections }: Pick<LoginRedirectRow, 'applicationIds' | 'connections'>,
  ): Promise<void> {
    if (applicationIds.length > 0) {
      const known = await this.services.applications.known(store, applicationIds);
      requireAllKnown('applicationIds', applicationIds, known);
    }
    for (const name of connections) {
      if ((await this.services.connections.byName(store, name)) === null)
        requireAllKnown('connections', [name], []);
    }
  }
}

/**
 * SECURITY: reading by another's hands; the page is whose its maker says, so nothing that a stored rule hides from the maker is told to it, and
 * whom it is asked about does not turn on it. Without facts, so that what is hidden of some users alone is refused as well.
 */
function refuseHidden(call: Call, { payload, conditions }: ReturnType<typeof checkLoginRedirect>): void {
  const isOpen = (action: AttributeAction, path: string): boolean =>
    decideStored(call, action, segmentsOf(path), undefined).decision === 'ALLOW';
  const told = payload.filter((path) => !isOpen('READ', path) || !isOpen('TOKEN', path));
  const asked = conditions.map(({ attribute }) => attribute).filter((path) => !isOpen('FILTER', path));
  if (told.length + asked.length === 0) return;
  const input = told.length > 0 ? 'input.payload' : 'input.conditions';
  throw commonErrors.FORBIDDEN_ARGUMENT({ extensions: { input, paths: [...new Set([...told, ...asked])] } });
}

function requireExpected(known: LoginRedirectRow | undefined, expected: number | null): void {
  if (expected === (known?.version ?? null)) return;
  if (known !== undefined && expected === null) {
    throw badInput('expectedVersion', 'There is one of this name. To change it, name the version you read.');
  }
  throw commonErrors.VERSION_CONFLICT({ extensions: { current: known?.version ?? null } });
}

/** Names of what changed, never a value. */
function changedSettings(
  before: LoginRedirectRow | undefined,
  after: LoginRedirectRow,
  isSecretNew: boolean,
): readonly string[] {
  const names = Object.keys(after).filter((name) => !['name', 'version', 'updatedAt'].includes(name));
  const changed = names.filter((name) => {
    const key = name as keyof LoginRedirectRow;
    return JSON.stringify(before?.[key]) !== JSON.stringify(after[key]);
  });
  return [...changed, ...(isSecretNew ? ['secret'] : [])];
}
