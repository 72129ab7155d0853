import type { Call } from '#src/access/call';
import type { AuditEventRow } from '#src/features/audit/audit-event.repository';
import type { AuditService } from '#src/features/audit/audit.service';
import { requireTenantScope } from '#src/features/roles/grant-guard';
import type { Instant } from '#src/shared/clock';
import type { Page, PageArguments } from '#src/shared/page';
import { captureAction } from '#src/features/landing-pages/flows/take-profile';

export interface Capture {
  readonly id: string;
  readonly capturedAt: Instant;
  readonly connection: string | null;
  readonly origin: string;
  readonly consentTextId: string | null;
  readonly attributes: readonly string[];
  readonly userId: string | null;
}

/** That visitors gave profiles: the audit records are all there is of it. */
export class Captures {
  constructor(private readonly audit: AuditService) {}

  async list(call: Call, clientId: string, page: PageArguments): Promise<Page<Capture>> {
    requireTenantScope(call);
    const found = await this.audit.list(call, filterOf(clientId), page);
    const byCapture = new Map<Capture, AuditEventRow>(found.rows.map((row) => [captureOf(row), row]));
    return {
      ...found,
      rows: [...byCapture.keys()],
      keyOf: (capture) => found.keyOf(byCapture.get(capture) as AuditEventRow),
    };
  }

  count(call: Call, clientId: string): Promise<number> {
    return this.audit.count(call, filterOf(clientId));
  }
}

function filterOf(clientId: string) {
  return { action: captureAction, targetType: 'Application', targetId: clientId };
}

function captureOf({ id, occurredAt, details }: AuditEventRow): Capture {
  const said = (details ?? {}) as Partial<Capture>;
  const { connection = null, origin = '', consentTextId = null, attributes = [], userId = null } = said;
  return { id, capturedAt: occurredAt, connection, origin, consentTextId, attributes, userId };
}
