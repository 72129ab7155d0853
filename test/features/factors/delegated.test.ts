import type { Call } from '#src/access/call';
import { principal } from '#src/access/principal';
import { AuthenticationMethodService } from '#src/features/factors/methods/authentication-method.service';
import { requireStepUp } from '#src/features/factors/step-up/require-step-up';
import { requireSession } from '#src/features/factors/step-up/step-up';
import { cancelDeletion, deleteAccount } from '#src/features/my-account/deletion/delete-account';
import { exportOwnData } from '#src/features/my-account/export/data-export';
import { completeLink, linkAccount } from '#src/features/my-account/linking/link-account';

/** Support staff, a moment after a sign-in with two factors, in the name of a user. No database is there to be asked. */
const call = {
  principal: principal({
    kind: 'user',
    userId: 'auth0|ada',
    subject: 'auth0|ada',
    sessionId: 'ses_1',
    organizationId: null,
    permissions: [],
    roles: [],
    acr: 'aal2',
    authenticatedAt: 1_000,
    actor: { userId: 'auth0|support', sessionId: 'ses_0' },
  }),
  clock: { now: () => 1_000 },
} as unknown as Call;

const parts = { config: { factors: { stepUpSeconds: 900 }, stepUpSeconds: 900 } } as never;
const methods = new AuthenticationMethodService(parts);
const link = { identifier: 'x', password: 'x', connection: 'main', fillsMetadata: false };

describe('somebody who acts in the name of a user', () => {
  it.each<readonly [string, () => unknown]>([
    [
      'does nothing that asks for a fresh proof',
      () => requireStepUp({ stepUpSeconds: 900 }, call.store, call, 'auth0|ada'),
    ],
    ['does not step up', () => requireSession(call)],
    ['enrols no method', () => methods.start(call, { type: 'TOTP', name: null })],
    ['renames no method', () => methods.rename(call, 'aum_1', 'x')],
    ['links no account', () => linkAccount(parts, call, link, null)],
    ['completes no link', () => completeLink(parts, call, { linkToken: 'x', proof: {} })],
    ['exports no data', () => exportOwnData(parts, call)],
    ['keeps no account', () => cancelDeletion(parts, call)],
  ])('%s', async (_what, act) => {
    await expect(Promise.resolve().then(act)).rejects.toMatchObject({ code: 'DELEGATED_SESSION_FORBIDDEN' });
  });

  it('deletes no account', async () => {
    const users = { requireReachable: () => Promise.resolve({ id: 'auth0|ada', email: null }) };
    const store = { transaction: (work: (inside: unknown) => unknown) => work({}) };
    const deletion = {
      users,
      config: { myAccount: { deletionGraceDays: 0 }, factors: { stepUpSeconds: 900 } },
    };
    await expect(
      Promise.resolve().then(() => deleteAccount(deletion as never, { ...call, store } as never)),
    ).rejects.toMatchObject({ code: 'DELEGATED_SESSION_FORBIDDEN' });
  });
});
