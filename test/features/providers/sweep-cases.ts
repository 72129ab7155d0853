import { sweepLogins } from '#src/features/providers/login/sweep-logins';
import { sql } from '#src/storage/sql';
import type { TestApp } from '#test/support/app';

export interface SweepScene {
  readonly app: TestApp;
  /** Begins a sign-in that nobody finishes. */
  begin(): Promise<unknown>;
}

/** What nobody needs any more goes, a few rows at a time. */
export function sweepCases(opened: () => SweepScene): void {
  it('sweeps begun sign-ins after a day and what is kept of sessions at providers at its end, some at a time', async () => {
    const { app, begin } = opened();
    for (let index = 0; index < 3; index += 1) await begin();
    const { storage, clock } = app.app.platform;
    const rows = async (table: 'login_transactions' | 'provider_sessions', time: number) =>
      (
        await storage
          .open()
          .query<{ n: number }>(
            sql`SELECT COUNT(*) AS "n" FROM ${sql.raw(table)} WHERE expires_at < ${time}`,
            { n: 'integer' },
          )
      )[0]?.n ?? 0;
    const sweep = (time: number, limit: number) =>
      storage.open().transaction((store) => sweepLogins(store, time, limit));
    const day = 24 * 3_600_000;
    const now = clock.now();
    const begun = await rows('login_transactions', now + day);
    expect(begun).toBeGreaterThan(2);
    expect(await sweep(now + day - 1, 500)).toBe(0);
    expect(await sweep(now + 2 * day, 2)).toBe(2);
    expect(await rows('login_transactions', now + day)).toBe(begun - 2);
    expect(await sweep(now + 400 * day, 500)).toBeGreaterThan(0);
    const left = [
      await rows('login_transactions', now + 2 * day),
      await rows('provider_sessions', now + 400 * day),
    ];
    expect(left).toEqual([0, 0]);
  });
}
