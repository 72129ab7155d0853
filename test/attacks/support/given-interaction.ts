import { SessionInteractionEntity } from '#src/features/sessions/activity/session-interaction.entity';
import type { Stage } from '#test/attacks/support/stage';

/** Something that happened in a session. */
export async function givenInteraction(stage: Stage, sessionId: string): Promise<void> {
  const row = { id: 'int_seen', sessionId, anonymousSessionId: null, type: 'EVENT', name: 'seen', data: {} };
  const { storage } = stage.product.app;
  await storage
    .open()
    .transaction((store) => store.insert(SessionInteractionEntity, { ...row, occurredAt: 1, createdAt: 1 }));
}
