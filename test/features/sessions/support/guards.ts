import { startAttackProtection } from '#src/features/attack-protection/attack-protection.feature';
import type { DerivedKey } from '#src/config/open-secrets';
import { startPasswords, type PasswordServices } from '#src/features/passwords/passwords.feature';
import type { Platform } from '#src/access/platform';

/** What stands between a caller and a session: attack protection, whose messages go nowhere, and passwords. */
export function startGuards(
  platform: Pick<Platform, 'config' | 'storage' | 'clock' | 'logger'>,
  services: Omit<PasswordServices, 'attackProtection'>,
  peppers: readonly DerivedKey[] = [],
) {
  const attackProtection = startAttackProtection(platform, {
    ...services,
    mail: { send: () => Promise.resolve({ id: '' }) } as never,
    tickets: {} as never,
    addTicketPage: () => undefined,
  });
  return {
    attackProtection,
    passwords: startPasswords(platform, { ring: () => [], peppers }, { ...services, ...attackProtection }),
  };
}
