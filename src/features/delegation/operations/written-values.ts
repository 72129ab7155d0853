import type { Call } from '#src/access/call';
import { principal } from '#src/access/principal';
import { governingHooks } from '#src/features/delegation/delegated-filter';
import {
  applySteps,
  checkFields,
  nested,
  rootsOf,
  type ActorValue,
  type Written,
} from '#src/features/delegation/operations/custom-fields';
import type { Settings } from '#src/features/delegation/operations/settings';
import { valueAt } from '#src/features/metadata/metadata-path';
import type { MetadataService } from '#src/features/metadata/metadata.service';
import type { UserService } from '#src/features/users/user.service';
import { commonErrors } from '#src/shared/errors';

export interface SentValues {
  readonly memberships?: readonly string[] | null;
  readonly fields?: unknown;
}

export interface WriteParts {
  readonly metadata: MetadataService;
  readonly users: UserService;
}

/** What is to be written: the custom fields and memberships that were sent, and what the write hooks make of them. */
export async function writtenValues(
  { metadata }: WriteParts,
  call: Call,
  { fields, memberships }: SentValues,
  mode: 'create' | 'update',
  settings: Settings,
): Promise<Written> {
  const actor = await actorValues(metadata, call);
  let written: Written = checkFields(fields, settings.userFields, mode);
  for (const { MEMBERSHIPS } of governingHooks(call)) {
    if (!MEMBERSHIPS?.definition || !memberships) continue;
    const { path, values, createMemberships } = MEMBERSHIPS.definition;
    const known = typeof values === 'string' ? [actor(values)].flat() : values;
    const foreign = memberships.filter((each) => !known.includes(each));
    if (foreign.length > 0 && !createMemberships)
      throw commonErrors.FORBIDDEN_ARGUMENT({
        extensions: { field: 'memberships', paths: ['memberships'] },
      });
    written = new Map([...written, [path, memberships.length === 1 ? memberships[0] : [...memberships]]]);
  }
  for (const { WRITE } of governingHooks(call))
    if (WRITE?.definition) written = applySteps(WRITE.definition.steps, mode, written, actor);
  return written;
}

/** Writes them to a user who is there. Inside the transaction of the call. */
export async function writeValues(
  { metadata, users }: WriteParts,
  call: Call,
  id: string,
  written: Written,
): Promise<void> {
  const roots = rootsOf(written);
  if (Object.keys(roots).length > 0) await users.update(call, { id, ...roots });
  const scribe = asScribe(call);
  for (const store of ['user', 'app'] as const) {
    const patch = nested(written, `${store}_metadata`);
    if (Object.keys(patch).length > 0)
      await metadata.update(scribe, { userId: id, store }, patch, 'MERGE_DEEP');
  }
}

async function actorValues(metadata: MetadataService, { principal: who, store }: Call): Promise<ActorValue> {
  const app = who.userId === null ? {} : (await metadata.read(store, who.userId)).appJson;
  return (text) => {
    if (text === '$actor.id') return who.userId ?? undefined;
    if (text === '$actor.organization_id') return who.organizationId ?? undefined;
    return valueAt(app, text.slice('$actor.app_metadata.'.length));
  };
}

/** The caller, for the one service that asks which stores somebody may write; what may be written was checked. */
function asScribe(call: Call): Call {
  const permissions = [...call.principal.permissions, 'update:users_app_metadata', 'update:users'];
  return { ...call, principal: principal({ ...call.principal, permissions }) };
}
