import { foldText } from '#src/features/users/fold-text';
import { GatehouseError } from '#src/shared/errors';
import type { Applying } from './apply-rows';
import { findRoleIds } from './existing-users.repository';

/** SECURITY: escalation by a file; whoever has roles made by it may make them, and give any. */
const rights = ['create:roles', 'create:role_members', 'grant:any'];

/** Ids of roles by folded name; with `createMissing` those of `wanted` that do not exist are made, without permissions. */
export async function findOrMakeRoles(
  { store, call, options, roles }: Pick<Applying, 'store' | 'call' | 'options' | 'roles'>,
  names: readonly string[],
  wanted: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const found = new Map(await findRoleIds(store, [...new Set(names.map(foldText))]));
  if (!options.createMissing || !rights.every((name) => call.principal.permissions.has(name))) return found;
  for (const name of wanted) {
    const folded = foldText(name);
    if (found.has(folded)) continue;
    const id = await make(() => roles.create({ ...call, store }, { name }));
    if (id !== null) found.set(folded, id);
  }
  return found;
}

/** Null for a name that no role can have, and where there are as many roles as may be: the row gets its warning. */
async function make(create: () => Promise<{ readonly id: string }>): Promise<string | null> {
  try {
    return (await create()).id;
  } catch (error) {
    if (error instanceof GatehouseError && ['invalid', 'limited'].includes(error.kind)) return null;
    throw error;
  }
}
