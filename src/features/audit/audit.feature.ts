import { AuditEventResolver } from './audit-event.resolver';
import { auditPermissions } from './audit.permissions';
import { AuditService } from './audit.service';
import type { FeatureParts } from '#src/graphql/feature';

export function startAudit(): FeatureParts & { readonly audit: AuditService } {
  const audit = new AuditService();
  return { name: 'audit', resolvers: [new AuditEventResolver(audit)], permissions: auditPermissions, audit };
}
