import { ApplicationEntity } from '#src/features/applications/application.entity';
import { LandingPageFlowEntity } from '#src/features/landing-pages/flows/landing-page-flow.entity';
import type { Instant } from '#src/shared/clock';
import { columnsOf } from '#src/storage/columns';
import { sql } from '#src/storage/sql';
import type { Read, RowOf, Store } from '#src/storage/store';

const flowColumns = columnsOf(LandingPageFlowEntity, 'f', [
  'id',
  'applicationId',
  'connectionId',
  'origin',
  'mode',
  'pageUrl',
  'challenge',
  'consentTextId',
  'sealedChecks',
  'pageIsProven',
  'answeredAt',
  'failure',
  'sealedAnswer',
  'codeHash',
  'takenAt',
  'expiresAt',
]);

export type LandingPageFlowRow = RowOf<typeof flowColumns>;

const byHandle: Read<{ readonly handleHash: string }, LandingPageFlowRow> = {
  name: 'landing_page_flow_by_handle',
  build: (builder) => builder.from(LandingPageFlowEntity, 'f').where('f.handleHash = :handleHash'),
  select: flowColumns,
};

const byHandleInBrowser: Read<
  { readonly handleHash: string; readonly bindingHash: string },
  LandingPageFlowRow
> = {
  name: 'landing_page_flow_by_handle_in_browser',
  build: (builder) =>
    builder
      .from(LandingPageFlowEntity, 'f')
      .where('f.handleHash = :handleHash')
      .andWhere('f.bindingHash = :bindingHash'),
  select: flowColumns,
};

const byState: Read<{ readonly stateHash: string; readonly bindingHash: string }, LandingPageFlowRow> = {
  name: 'landing_page_flow_by_state',
  build: (builder) =>
    builder
      .from(LandingPageFlowEntity, 'f')
      .where('f.stateHash = :stateHash')
      // SECURITY: login CSRF; the answer counts in the browser that went to the provider, and in no other.
      .andWhere('f.bindingHash = :bindingHash'),
  select: flowColumns,
};

export async function findFlow(store: Store, handleHash: string): Promise<LandingPageFlowRow | null> {
  return (await store.read(byHandle, { handleHash }))[0] ?? null;
}

/** The flow, if it is this browser's. */
export async function findFlowInBrowser(
  store: Store,
  which: { readonly handleHash: string; readonly bindingHash: string },
): Promise<LandingPageFlowRow | null> {
  return (await store.read(byHandleInBrowser, which))[0] ?? null;
}

export async function findFlowByState(
  store: Store,
  which: { readonly stateHash: string; readonly bindingHash: string },
): Promise<LandingPageFlowRow | null> {
  return (await store.read(byState, which))[0] ?? null;
}

export async function insertFlow(store: Store, row: Partial<LandingPageFlowEntity>): Promise<void> {
  await store.insert(LandingPageFlowEntity, row);
}

/** The browser goes to the provider; false when one did already. */
export async function sendFlow(
  store: Store,
  id: string,
  set: Pick<LandingPageFlowEntity, 'stateHash' | 'bindingHash' | 'sealedChecks' | 'pageIsProven'>,
): Promise<boolean> {
  return (await store.update(LandingPageFlowEntity, { id, stateHash: null }, set)) === 1;
}

/** The provider's answer is here; false when there was one already. */
export async function answerFlow(store: Store, id: string, answeredAt: Instant): Promise<boolean> {
  const set = { answeredAt, sealedChecks: null };
  return (await store.update(LandingPageFlowEntity, { id, answeredAt: null }, set)) === 1;
}

export interface SettledFlow {
  readonly answeredAt: Instant;
  readonly expiresAt: Instant;
  readonly failure?: string;
  readonly sealedAnswer?: string;
}

export async function settleFlow(store: Store, id: string, set: SettledFlow): Promise<void> {
  const changed: Partial<LandingPageFlowEntity> = set;
  await store.update(LandingPageFlowEntity, { id }, changed);
}

/** Gives the flow its code; false when it has one. */
export async function setFlowCode(store: Store, id: string, codeHash: string): Promise<boolean> {
  return (
    (await store.update(LandingPageFlowEntity, { id, codeHash: null, takenAt: null }, { codeHash })) === 1
  );
}

/** Uses the flow up, its profile included; false when somebody else did. */
export async function takeFlow(store: Store, id: string, takenAt: Instant): Promise<boolean> {
  const set = { takenAt, sealedAnswer: null };
  return (await store.update(LandingPageFlowEntity, { id, takenAt: null }, set)) === 1;
}

/** Deletes those whose time is over; answers how many. */
export function deleteOldFlows(store: Store, before: Instant): Promise<number> {
  return store.execute(
    sql`DELETE FROM ${store.table(LandingPageFlowEntity)} AS f
      WHERE ${store.column(LandingPageFlowEntity, 'expiresAt', 'f')} < ${before}`,
  );
}

const listings: Read<object, { readonly allowedEmbedOrigins: readonly string[] }> = {
  name: 'landing_page_origins',
  build: (builder) => builder.from(ApplicationEntity, 'a').where("a.isEnabled AND a.type = 'LANDING_PAGE'"),
  select: columnsOf(ApplicationEntity, 'a', ['allowedEmbedOrigins']),
};

/** Whether an enabled landing page lists the origin. Asked by browsers before they call, and kept by them for ten minutes. */
export async function findOriginListed(store: Store, origin: string): Promise<boolean> {
  const rows = await store.read(listings, {});
  return rows.some(({ allowedEmbedOrigins }) => allowedEmbedOrigins.includes(origin));
}
