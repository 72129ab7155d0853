import type { AuditService } from '#src/features/audit/audit.service';
import type { TicketPage } from '#src/features/tickets/ticket-page';
import type { TicketService } from '#src/features/tickets/ticket.service';
import type { AttackProtectionService } from './attack-protection.service';

export interface UnblockParts {
  readonly audit: AuditService;
  readonly tickets: TicketService;
  readonly service: Pick<AttackProtectionService, 'forget'>;
}

/** The page of the link in the message about a block. */
export function unblockPage({ audit, tickets, service }: UnblockParts): TicketPage {
  return {
    kind: 'unblock',
    title: 'Allow sign-ins again',
    explanation:
      'Sign-ins to your account were stopped after many wrong passwords. If it was you, allow them again.',
    button: 'Allow sign-ins',
    consume: async (call, token) => {
      const ticket = await tickets.require(call, 'unblock', token);
      const network = typeof ticket.data.network === 'string' ? ticket.data.network : null;
      await call.store.transaction(async (store) => {
        await tickets.take(store, call, ticket);
        const cleared = await service.forget(store, ticket.userId, network);
        await audit.record(store, call, {
          action: 'attack_protection.unblock_by_mail',
          targetType: 'User',
          targetId: ticket.userId,
          details: { cleared },
        });
      });
      return { title: 'Done', text: 'You can sign in again.' };
    },
  };
}
