import type { Call } from '#src/access/call';
import type { GroupsConfig } from '#src/config/groups';
import type { AuditService } from '#src/features/audit/audit.service';
import type { OrganizationService } from '#src/features/organizations/organization.service';
import { refuseAbove } from '#src/features/roles/bulk-ids';
import { badInput, checkedText, soughtName } from '#src/features/roles/checked-text';
import { foldText } from '#src/features/users/fold-text';
import { commonErrors } from '#src/shared/errors';
import type { Page, PageArguments } from '#src/shared/page';
import type { Store } from '#src/storage/store';
import { requireStaying } from './group-guard';
import * as groups from './group.repository';
import type { GroupFilter, GroupRow } from './group.repository';
import { findNeighbours, insertSelf, lockNesting } from '#src/features/groups/nesting/closure.repository';

export interface CreateGroup {
  readonly name: string;
  readonly description: string;
  /** Absent: the deployment, or the organization that the caller is bound to. */
  readonly organizationId?: string | null;
}

export interface UpdateGroup {
  readonly id: string;
  readonly name?: string | null;
  readonly description?: string | null;
}

export interface GroupSearch {
  readonly organizationId?: string | null;
  /** The beginning of the name, whatever the case. */
  readonly name?: string | null;
}

export interface GroupDependencies {
  readonly audit: AuditService;
  readonly organizations: OrganizationService;
  readonly limits: GroupsConfig;
}

export const longestGroupName = 50;
export const longestGroupDescription = 500;
/** So many names are told of what stands in the way. */
export const mostNamed = 20;

/** Groups themselves. What stands in them is the business of the services beside this one. */
export class GroupService {
  constructor(private readonly dependencies: GroupDependencies) {}

  create(call: Call, input: CreateGroup): Promise<GroupRow> {
    const organizationId = input.organizationId ?? call.principal.organizationId;
    const now = call.clock.now();
    const row: GroupRow = {
      id: call.ids.next('grp'),
      name: checkedText('name', input.name, longestGroupName),
      description: checkedText('description', input.description, longestGroupDescription),
      organizationId,
      createdAt: now,
      updatedAt: now,
    };
    return call.store.transaction(async (store) => {
      if (organizationId !== null)
        await this.dependencies.organizations.requireReachable(call, store, organizationId);
      await this.requireRoom(store, organizationId);
      await groups.insertGroup(store, row);
      await lockNesting(store);
      await insertSelf(store, [row.id]);
      await this.record(store, call, 'group.create', row.id, ['name', 'description']);
      return row;
    });
  }

  update(call: Call, input: UpdateGroup): Promise<GroupRow> {
    return call.store.transaction(async (store) => {
      const before = await this.require(call, store, input.id);
      const change = checkedChange(input);
      const changed = (['name', 'description'] as const).filter(
        (key) => change[key] !== undefined && change[key] !== before[key],
      );
      if (changed.length === 0) return before;
      const set = { ...change, updatedAt: call.clock.now() };
      await groups.updateGroup(store, input.id, set);
      await this.record(store, call, 'group.update', input.id, changed);
      return { ...before, ...set };
    });
  }

  /** Deletes a group that stands in no other; groups inside it stay. Answers its id. */
  delete(call: Call, id: string): Promise<string> {
    return call.store.transaction(async (store) => {
      await this.require(call, store, id);
      await lockNesting(store);
      const parents = await findNeighbours(store, 'parents', [id]);
      if (parents.length > 0) {
        throw commonErrors.CONFLICT({
          message: 'The group stands in others. Take it out of them first.',
          extensions: { groups: parents.slice(0, mostNamed).map(({ name }) => name) },
        });
      }
      await requireStaying(call, store, [id]);
      await groups.deleteGroups(store, [id]);
      await this.record(store, call, 'group.delete', id, []);
      return id;
    });
  }

  /** Groups within the caller's reach, by name. */
  list(call: Call, search: GroupSearch, page: PageArguments): Promise<Page<GroupRow>> {
    return groups.findGroupPage(call.store, filterOf(call, search), page);
  }

  count(call: Call, search: GroupSearch): Promise<number> {
    return groups.countGroups(call.store, filterOf(call, search));
  }

  /**
   * The group, locked until the end of the transaction; NOT_FOUND when there is none.
   * SECURITY: whoever is bound to an organization gets the same answer for a group elsewhere as for none.
   */
  async require(call: Call, store: Store, id: string): Promise<GroupRow> {
    const row = await groups.lockGroup(store, id);
    if (row && isWithinReach(call, row)) return row;
    throw commonErrors.NOT_FOUND({ message: 'There is no such group.' });
  }

  /** The groups of a list of ids, all of them beside `place`; else the whole list is refused with the ids that are not. */
  async requireBeside(
    store: Store,
    place: GroupRow,
    field: string,
    ids: readonly string[],
  ): Promise<GroupRow[]> {
    const rows = (await groups.findGroups(store, ids)).filter(
      ({ organizationId }) => organizationId === place.organizationId,
    );
    const known = new Set(rows.map(({ id }) => id));
    const unknown = ids.filter((id) => !known.has(id));
    if (unknown.length === 0) return rows;
    throw commonErrors.BAD_USER_INPUT({
      message: `These ids in "${field}" are no groups of the same organization or deployment: ${unknown.join(', ')}.`,
      extensions: { field, unknown },
    });
  }

  async touch(call: Call, store: Store, row: GroupRow): Promise<GroupRow> {
    const updatedAt = call.clock.now();
    await groups.updateGroup(store, row.id, { updatedAt });
    return { ...row, updatedAt };
  }

  record(
    store: Store,
    call: Call,
    action: string,
    targetId: string,
    changedPaths: readonly string[],
    details?: Readonly<Record<string, unknown>>,
  ): Promise<void> {
    const event = { action, targetType: 'Group', targetId, changedPaths };
    return this.dependencies.audit.record(store, call, details ? { ...event, details } : event);
  }

  private async requireRoom(store: Store, organizationId: string | null): Promise<void> {
    await store.execute(store.dialect.advisoryLock(`groups:${organizationId ?? ''}`));
    const limit = this.dependencies.limits.maxGroups;
    const current = (await groups.countGroups(store, { organizationId })) + 1;
    refuseAbove(limit, current, `There may be at most ${limit} groups here.`);
  }
}

export function isWithinReach(call: Pick<Call, 'principal'>, row: Pick<GroupRow, 'organizationId'>): boolean {
  const bound = call.principal.organizationId;
  return bound === null || bound === row.organizationId;
}

function filterOf(call: Call, { organizationId, ...search }: GroupSearch): GroupFilter {
  const name = soughtName(search.name);
  const bound = call.principal.organizationId;
  // An organization that the caller is not bound to has no groups for it.
  const of =
    bound === null ? (organizationId ?? undefined) : (organizationId ?? bound) === bound ? bound : '';
  return { organizationId: of, namePrefix: name === null ? null : foldText(name) };
}

function checkedChange(input: UpdateGroup): { name?: string; description?: string } {
  const change: { name?: string; description?: string } = {};
  if (input.name === null) throw badInput('name', 'A group needs a name.');
  if (input.description === null) throw badInput('description', 'A group needs a description.');
  if (input.name !== undefined) change.name = checkedText('name', input.name, longestGroupName);
  if (input.description !== undefined)
    change.description = checkedText('description', input.description, longestGroupDescription);
  return change;
}
