import type { Call } from '#src/access/call';
import { decide } from '#src/access/decide';
import type { AuditEventRow } from '#src/features/audit/audit-event.repository';
import { delegateReading, type DelegateParts } from '#src/features/delegation/operations/delegate';
import { settingsOf, type Settings } from '#src/features/delegation/operations/settings';
import type { SearchService, UserSearchResult } from '#src/features/search/search.service';
import { simpleFilter } from '#src/features/search/simple-filter';
import type { SortInput } from '#src/features/search/user-sort';
import { GatehouseError } from '#src/shared/errors';
import type { Page, PageArguments } from '#src/shared/page';

export interface DelegationServices extends DelegateParts {
  readonly search: SearchService;
}

export interface DelegatedSearch extends PageArguments {
  readonly search?: string | null;
  /** The attribute that the search is the beginning of; without it the search is a query. */
  readonly filterBy?: string | null;
  readonly sort?: readonly SortInput[] | null;
}

const latestFirst: readonly SortInput[] = [{ field: 'LAST_LOGIN', direction: 'DESC' }];

/** What delegated administrators look at. */
export class DelegationService {
  constructor(private readonly services: DelegationServices) {}

  settings(call: Call, locale: string | null): Promise<Settings> {
    const operation = { name: 'read_settings', level: 0, target: null };
    return delegateReading(this.services, call, operation, () => localized(settingsOf(call), locale));
  }

  users(call: Call, { search, filterBy, sort, ...page }: DelegatedSearch): Promise<UserSearchResult> {
    const operation = { name: 'search_users', level: 0, target: null };
    return delegateReading(this.services, call, operation, () => {
      const asked = filterBy ? { filter: simpleFilter(filterBy, search ?? '') } : { q: search ?? null };
      this.services.search.admit(call, asked);
      // Who may not see when somebody signed in gets the newest first.
      const usual = decide(call, 'SORT', 'last_login') === 'ALLOW' ? latestFirst : null;
      return this.services.search.users(call, { ...asked, ...page, sort: sort?.length ? sort : usual });
    });
  }

  /** Opens one user; null when there is none within reach. */
  async open(call: Call, id: string): Promise<string | null> {
    const operation = { name: 'read_user', level: 0, target: { id, action: 'read:user' } } as const;
    try {
      return await delegateReading(this.services, call, operation, () => id);
    } catch (error) {
      if (error instanceof GatehouseError && error.code === 'NOT_FOUND') return null;
      throw error;
    }
  }

  /** Newest first; of one user where an id is given. */
  async logs(call: Call, userId: string | null, page: PageArguments): Promise<Page<AuditEventRow>> {
    const { audit } = this.services;
    if (userId === null) {
      const operation = { name: 'read_logs', level: 2, target: null };
      return delegateReading(this.services, call, operation, () => audit.list(call, {}, page));
    }
    const target = { id: userId, action: 'read:logs' } as const;
    const operation = { name: 'read_user_logs', level: 2, target };
    try {
      return await delegateReading(this.services, call, operation, () =>
        audit.list(call, { targetType: 'User', targetId: userId }, page),
      );
    } catch (error) {
      // Nothing was done to a user who is not there.
      if (error instanceof GatehouseError && error.code === 'NOT_FOUND')
        return audit.list(call, { targetType: 'User', targetId: '' }, page);
      throw error;
    }
  }
}

/** A dictionary that has a part for the language is that part. */
function localized(settings: Settings, locale: string | null): Settings {
  const all = settings.languageDictionary;
  if (locale === null || typeof all !== 'object' || all === null || Array.isArray(all)) return settings;
  const words = all as Readonly<Record<string, unknown>>;
  const name = [locale, locale.split('-')[0] ?? ''].find((each) => Object.hasOwn(words, each));
  return name === undefined ? settings : { ...settings, languageDictionary: words[name] };
}
