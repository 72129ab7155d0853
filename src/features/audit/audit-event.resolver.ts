import { Args, Ctx, Query, Resolver } from 'type-graphql';
import { Auth } from '#src/access/decorators';
import { AuditEventsArgs } from './audit-event.input';
import { AuditEventConnectionType } from './audit-event.type';
import type { AuditEventRow } from './audit-event.repository';
import type { AuditService } from './audit.service';
import { toConnection, type Connection } from '#src/graphql/connection';
import type { RequestContext } from '#src/graphql/request-context';

@Resolver()
export class AuditEventResolver {
  constructor(private readonly audit: AuditService) {}

  @Auth({ permissions: [['read:audit_events']] })
  @Query(() => AuditEventConnectionType, {
    nullable: true,
    description: 'What was changed by whom, newest first.',
  })
  async auditEvents(
    @Args(() => AuditEventsArgs) args: AuditEventsArgs,
    @Ctx() context: RequestContext,
  ): Promise<Connection<AuditEventRow>> {
    const { first = null, after = null, last = null, before = null, ...filter } = args;
    const page = await this.audit.list(context, filter, { first, after, last, before });
    return toConnection(page, () => this.audit.count(context, filter));
  }
}
