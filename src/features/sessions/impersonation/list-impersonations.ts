import type { Call } from '#src/access/call';
import { reachOf } from '#src/features/users/reach/reach';
import type { Page, PageArguments } from '#src/shared/page';
import {
  findImpersonations,
  type ImpersonationFilter,
  type ShownImpersonation,
} from './impersonation.repository';

/** Who asked to act in whose name, the newest first; of users whom the caller may know of. */
export function listImpersonations(
  call: Call,
  filter: ImpersonationFilter,
  page: Pick<PageArguments, 'first' | 'after'>,
): Promise<Page<ShownImpersonation>> {
  const whole = { ...page, last: null, before: null };
  return findImpersonations(call.store, filter, { reach: reachOf(call), page: whole });
}
