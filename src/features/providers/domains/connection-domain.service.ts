import type { Call } from '#src/access/call';
import type { AuditService } from '#src/features/audit/audit.service';
import type { ConnectionService } from '#src/features/connections/connection.service';
import { checkedDomain, verificationHost } from '#src/features/organizations/domains/domain-name';
import { domainProblem } from '#src/features/organizations/domains/domain.service';
import { proveTxt, type LookUpTxt } from '#src/features/organizations/domains/look-up-txt';
import { protocolOf } from '#src/features/providers/settings/provider-options';
import { badInput } from '#src/features/roles/checked-text';
import { refuseAbove } from '#src/features/roles/bulk-ids';
import { requireTenantScope } from '#src/features/roles/grant-guard';
import { commonErrors } from '#src/shared/errors';
import type { Store } from '#src/storage/store';
import * as domains from './connection-domain.repository';
import type { ConnectionDomainRow } from './connection-domain.repository';

export interface ConnectionDomainParts {
  readonly audit: AuditService;
  readonly connections: ConnectionService;
  readonly lookUpTxt: LookUpTxt;
  readonly lookUpMs: number;
}

export interface CheckedDomain {
  readonly domain: ConnectionDomainRow;
  /** What is missing, for people; null when the domain is proven. */
  readonly problem: string | null;
}

export const mostDomains = 1_000;

/** The mail domains whose people are sent to a connection. One domain belongs to one connection, and counts when the DNS has proven it. */
export class ConnectionDomainService {
  constructor(private readonly parts: ConnectionDomainParts) {}

  create(
    call: Call,
    input: { readonly connectionId: string; readonly domain: string },
  ): Promise<ConnectionDomainRow> {
    requireTenantScope(call);
    const domain = checkedDomain(input.domain);
    return call.store.transaction(async (store) => {
      const connection = await this.parts.connections.lock(store, input.connectionId);
      if (['DATABASE', 'PASSWORDLESS'].includes(protocolOf(connection.strategy)))
        throw badInput('connectionId', 'Only providers and directories have domains.');
      const current = await domains.countDomainsOf(store, connection.id);
      refuseAbove(mostDomains, current + 1, `A connection has at most ${mostDomains} domains.`);
      const row: ConnectionDomainRow = {
        ...{ id: call.ids.next('cdm'), connectionId: connection.id, domain },
        verificationTxt: `gatehouse-domain-verification=${call.ids.secret(24)}`,
        ...{ createdAt: call.clock.now(), lastCheckedAt: null, verifiedAt: null },
      };
      if (!(await domains.insertConnectionDomain(store, row))) {
        throw commonErrors.CONFLICT({
          message: 'A connection has this domain already.',
          extensions: { field: 'domain' },
        });
      }
      await this.record(store, call, 'create_domain', row);
      return row;
    });
  }

  /** Looks the proof up in the DNS, outside of any transaction. A domain that is proven stays so until it is removed. */
  async verify(call: Call, id: string): Promise<CheckedDomain> {
    requireTenantScope(call);
    const wanted = await this.require(call.store, id);
    const host = verificationHost(wanted.domain);
    const proof = await proveTxt(this.parts.lookUpTxt, host, wanted.verificationTxt, this.parts.lookUpMs);
    return call.store.transaction(async (store) => {
      const before = await this.require(store, id);
      const now = call.clock.now();
      const verifiedAt = before.verifiedAt ?? (proof === 'PROVEN' ? now : null);
      await domains.updateConnectionDomain(store, id, { lastCheckedAt: now, verifiedAt });
      if (verifiedAt !== before.verifiedAt) await this.record(store, call, 'verify_domain', before);
      return {
        domain: { ...before, lastCheckedAt: now, verifiedAt },
        problem: verifiedAt === null ? domainProblem(proof, host) : null,
      };
    });
  }

  /** Answers the domain that is gone. */
  delete(call: Call, id: string): Promise<ConnectionDomainRow> {
    requireTenantScope(call);
    return call.store.transaction(async (store) => {
      const row = await this.require(store, id);
      await domains.deleteConnectionDomain(store, id);
      await this.record(store, call, 'delete_domain', row);
      return row;
    });
  }

  private async require(store: Store, id: string): Promise<ConnectionDomainRow> {
    const row = await domains.findConnectionDomain(store, id);
    if (row) return row;
    throw commonErrors.NOT_FOUND({ message: 'There is no such domain.' });
  }

  private record(
    store: Store,
    call: Call,
    verb: string,
    { id, connectionId, domain }: ConnectionDomainRow,
  ): Promise<void> {
    return this.parts.audit.record(store, call, {
      action: `connection.${verb}`,
      targetType: 'Connection',
      targetId: connectionId,
      changedPaths: ['domains'],
      details: { domainId: id, domain },
    });
  }
}
