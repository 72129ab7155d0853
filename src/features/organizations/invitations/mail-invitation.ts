import type { MailService } from '#src/features/mail/mail.service';
import { organizationInvitation } from '#src/features/mail/templates/organization-invitation';
import type { SendInvitation } from '#src/features/organizations/invitations/issue-invitations';

/** Sends invitations through the outbox: the message is stored with the invitation, and delivered later. */
export function mailInvitations(mail: Pick<MailService, 'send'>): SendInvitation {
  return async (store, call, { to, organization, inviterName, invitationUrl, expiresAt }) => {
    const organizationName = organization.displayName ?? organization.name;
    await mail.send(store, call, {
      to,
      template: organizationInvitation,
      variables: { organizationName, inviterName, invitationUrl, expiresAt },
      expiresAt,
    });
  };
}
