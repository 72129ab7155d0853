import type { DerivedKey } from '#src/config/open-secrets';
import { openText, sealText } from '#src/config/seal-text';
import type { MailContent } from './mail-content';

/**
 * Seals the text of a message for the table, bound to the id of its row.
 * SECURITY: messages hold tickets: whoever reads the table or a backup of it must not find any.
 */
export function sealContent(ring: readonly DerivedKey[], id: string, content: MailContent): string {
  return sealText(ring, id, JSON.stringify(content));
}

/** Opens what one of the keys sealed for this row; throws when none did. */
export function openContent(ring: readonly DerivedKey[], id: string, sealed: string): MailContent {
  return JSON.parse(openText(ring, id, sealed)) as MailContent;
}
