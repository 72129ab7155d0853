import { wordEnum } from '#src/access/word-enum';
import type { EndReason } from './session-status';

export const SessionEndReason = wordEnum<EndReason>('SessionEndReason', 'Why a session ended.', {
  logout: 'The user signed out, here or at the identity provider.',
  replaced: 'The user signed in anew in the same browser.',
  limit: 'It was the one unused longest when there would have been too many.',
  'session-expired': 'It reached its idle or its absolute limit.',
  'session-revoked': 'The user or somebody with the permission ended it.',
  blocked: 'The user was blocked.',
  security:
    'Something changed that sessions depend on: the password, an identifier, a factor or an identity.',
  'organization-deleted': 'The organization that it was bound to was deleted.',
  'impersonation-stopped': 'The one who acted in the name of the user stopped.',
  'impersonation-lapsed': 'The one who acted may no longer, or the user refused.',
});
