import type { Call } from '#src/access/call';
import type { ApplicationRow } from '#src/features/applications/application.repository';
import type { ApplicationService } from '#src/features/applications/application.service';
import { badInput, checkedOptionalText } from '#src/features/roles/checked-text';
import { requireTenantScope } from '#src/features/roles/grant-guard';
import type { Store } from '#src/storage/store';
import { usualAttributes } from './lead-attribute';
import { findLandingPage, saveLandingPage, type LandingPageRow } from './landing-page.repository';

export const landingPageType = 'LANDING_PAGE';

/** Absent: leave; null: the default. */
export interface LandingPageChange {
  readonly clientId: string;
  readonly returnedAttributes?: readonly string[] | null | undefined;
  readonly storage?: string | null | undefined;
  readonly consentTextId?: string | null | undefined;
}

const longestConsentId = 128;

/** What landing pages get of their visitors. Only callers who act for the whole deployment decide. */
export class LandingPageService {
  constructor(private readonly applications: ApplicationService) {}

  /** The settings of an application that is a landing page, as stored or by default. */
  async of(store: Store, { id }: Pick<ApplicationRow, 'id'>): Promise<LandingPageRow> {
    return (await findLandingPage(store, id)) ?? defaults(id);
  }

  /** The application, enabled and a landing page; null otherwise. */
  async enabled(store: Store, clientId: string): Promise<ApplicationRow | null> {
    const found = await this.applications.enabled(store, clientId);
    return found?.type === landingPageType ? found : null;
  }

  update(call: Call, { clientId, ...change }: LandingPageChange): Promise<LandingPageRow> {
    requireTenantScope(call);
    return call.store.transaction(async (store) => {
      const application = await this.applications.require(store, clientId);
      if (application.type !== landingPageType)
        throw badInput('clientId', 'This application is no landing page.');
      const before = await this.of(store, application);
      const given = Object.entries(change).filter(([, value]) => value !== undefined);
      const usual: Readonly<Record<string, unknown>> = { ...defaults(clientId) };
      const set = Object.fromEntries(given.map(([key, value]) => [key, value ?? usual[key]]));
      const wanted: LandingPageRow = { ...before, ...set };
      const returned = [...new Set(wanted.returnedAttributes)];
      if (returned.length === 0) throw badInput('returnedAttributes', 'Name at least one attribute.');
      const after: LandingPageRow = {
        ...wanted,
        returnedAttributes: returned,
        consentTextId: checkedOptionalText('consentTextId', wanted.consentTextId, longestConsentId),
        updatedAt: call.clock.now(),
      };
      await saveLandingPage(store, after);
      const names = given.map(([key]) => key);
      await this.applications.record(store, call, 'application.update_landing_page', clientId, names);
      return after;
    });
  }
}

function defaults(applicationId: string): LandingPageRow {
  return {
    ...{ applicationId, returnedAttributes: usualAttributes, storage: 'CAPTURE_ONLY' },
    ...{ consentTextId: null, updatedAt: 0 },
  };
}
