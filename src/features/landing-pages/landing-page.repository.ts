import { LandingPageEntity } from '#src/features/landing-pages/landing-page.entity';
import { columnsOf } from '#src/storage/columns';
import type { Read, RowOf, Store } from '#src/storage/store';

const pageColumns = columnsOf(LandingPageEntity, 'l', [
  'applicationId',
  'returnedAttributes',
  'storage',
  'consentTextId',
  'updatedAt',
]);

export type LandingPageRow = RowOf<typeof pageColumns>;

const byApplication: Read<{ readonly applicationId: string }, LandingPageRow> = {
  name: 'landing_page_by_application',
  build: (builder) => builder.from(LandingPageEntity, 'l').where('l.applicationId = :applicationId'),
  select: pageColumns,
};

export async function findLandingPage(store: Store, applicationId: string): Promise<LandingPageRow | null> {
  return (await store.read(byApplication, { applicationId }))[0] ?? null;
}

export async function saveLandingPage(store: Store, row: LandingPageRow): Promise<void> {
  await store.upsert(LandingPageEntity, row, ['applicationId']);
}
