import type { HookRow } from '#src/features/delegation/hooks/delegation-hook.repository';

/** A version of a hook as it is shown: the scope is an organization or none. */
export type ShownHook = Omit<HookRow, 'scope'> & { readonly organizationId: string | null };

export function shownHook({ scope, ...row }: HookRow): ShownHook {
  return { ...row, organizationId: scope === '' ? null : scope };
}
