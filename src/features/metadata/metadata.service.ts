import type { Call } from '#src/access/call';
import { decide, type ObjectFacts } from '#src/access/decide';
import { assertWritable } from '#src/access/write-gate';
import type { AuditService } from '#src/features/audit/audit.service';
import { changedPaths, mergedPaths, touchedPaths } from './changed-paths';
import { checkPatch, checkSignUpMetadata, type MetadataLimits } from './check-metadata';
import { fillGaps, mergeMetadata, type MetadataMode } from './merge-metadata';
import { assertMayWriteStore, type MetadataChange } from './metadata-change';
import { pathSegments, withValueAt } from './metadata-path';
import { storePaths, type MetadataObject, type StoreName } from './metadata-store';
import {
  deleteLeaves,
  emptyMetadata,
  findForWrite,
  findMetadata,
  saveMetadata,
  type MetadataRow,
} from './metadata.repository';
import { saveContent, type SavedContent, type Saving } from './save-metadata';
import { releaseUniqueValues } from '#src/features/metadata/schema/unique-value.repository';
import { objectFactsOf } from '#src/features/users/reach/object-facts.loader';
import { requireVersion } from '#src/features/users/changes/update-user';
import type { NewUserExtras } from '#src/features/users/user-hooks';
import type { UserService } from '#src/features/users/user.service';
import { commonErrors } from '#src/shared/errors';
import type { Store } from '#src/storage/store';

export interface MetadataTarget {
  readonly userId: string;
  readonly store: StoreName;
  /** Refuse with VERSION_CONFLICT when the stored version is another. */
  readonly ifVersion?: number | null;
}

/** How a write changes one store, and every path it names: what the write gate is asked about. */
interface Edit {
  readonly apply: (stored: MetadataObject, facts: ObjectFacts) => MetadataObject;
  readonly touched: readonly string[];
  /** Whether members that are not named are written too. */
  readonly isWhole: boolean;
}

/** Reads and writes user_metadata and app_metadata. Every write is one transaction with its searchable leaves and audit record. */
export class MetadataService {
  constructor(
    private readonly audit: AuditService,
    private readonly users: UserService,
    private readonly limits: MetadataLimits,
  ) {}

  /** Merges a patch into a store, or replaces it: see `mergeMetadata`. */
  async update(
    call: Call,
    target: MetadataTarget,
    patch: unknown,
    mode: MetadataMode,
  ): Promise<MetadataChange> {
    const checked = checkPatch(patch, target.store, this.limits);
    return this.write(call, target, {
      apply: (stored) => mergeMetadata(stored, checked, mode),
      touched: mode === 'MERGE_DEEP' ? mergedPaths(checked) : touchedPaths(checked),
      isWhole: mode === 'REPLACE' || (mode === 'MERGE_SHALLOW' && Object.keys(checked).length === 0),
    });
  }

  /** The same for user_metadata of the signed-in user; FORBIDDEN for a caller that is no user. */
  async updateOwn(
    call: Call,
    patch: unknown,
    mode: MetadataMode,
    ifVersion: number | null,
  ): Promise<MetadataChange> {
    const { userId } = call.principal;
    if (userId === null)
      throw commonErrors.FORBIDDEN({ message: 'Only a signed-in user has metadata of its own.' });
    return this.update(call, { userId, store: 'user', ifVersion }, patch, mode);
  }

  /** Sets the value at one path; null removes it, missing parents are created. */
  async setPath(call: Call, target: MetadataTarget, path: string, value: unknown): Promise<MetadataChange> {
    const patch = pathSegments(path, this.limits).reduceRight<unknown>(
      (below, key) => Object.fromEntries([[key, below]]),
      value,
    );
    checkPatch(patch, target.store, this.limits);
    return this.write(call, target, {
      apply: (stored, facts) =>
        withValueAt(stored, path, value, (parent) => {
          return decide(call, 'READ', `${storePaths[target.store]}.${parent}`, facts) === 'ALLOW';
        }),
      touched: [path, ...touchedPaths(value, path)],
      isWhole: false,
    });
  }

  /** Empties a store. */
  clear(call: Call, target: MetadataTarget): Promise<MetadataChange> {
    return this.write(call, target, { apply: () => ({}), touched: [], isWhole: true });
  }

  /** Stores what a new user brings along; part of the transaction that creates the user. */
  async initialize(store: Store, call: Call, userId: string, extras: NewUserExtras): Promise<void> {
    const content = {
      user: checkPatch(extras.userMetadata ?? {}, 'user', this.limits),
      app: checkPatch(extras.appMetadata ?? {}, 'app', this.limits),
    };
    const facts = await objectFactsOf(call, store, userId);
    assertWritable(
      call,
      [...withRoot('user', touchedPaths(content.user)), ...withRoot('app', touchedPaths(content.app))],
      facts,
    );
    let row: MetadataRow = { ...emptyMetadata(userId), updatedAt: call.clock.now() };
    for (const name of ['user', 'app'] as const) {
      const changed = changedPaths({}, content[name]);
      const isNeeded = changed.length > 0 || name === 'user';
      if (isNeeded)
        ({ row } = await this.save(store, call, { ...row, version: 0 }, name, content[name], changed));
    }
  }

  /** What somebody who signs up may bring along; refused with VALIDATION_FAILED. */
  checkSignUp(fields: unknown): Readonly<Record<string, string>> {
    return checkSignUpMetadata(fields, this.limits);
  }

  /**
   * Gives `userId` the members of the other user's stores that it lacks; answers the changed attribute paths. What the other user had
   * reserved as unique is given up, for it is about to be deleted.
   */
  async fillGapsFrom(
    store: Store,
    call: Call,
    userId: string,
    otherId: string,
    usable: (name: StoreName, content: MetadataObject) => MetadataObject = (_name, content) => content,
  ): Promise<readonly string[]> {
    const [own, other] = await findMetadata(store, [userId, otherId]);
    await releaseUniqueValues(store, otherId);
    let row = own ?? emptyMetadata(userId);
    const paths: string[] = [];
    for (const name of ['user', 'app'] as const) {
      const before = contentOf(row, name);
      const after = fillGaps(before, other ? usable(name, contentOf(other, name)) : {});
      const below = changedPaths(before, after);
      const changed = withRoot(name, below);
      assertWritable(call, changed, await objectFactsOf(call, store, userId));
      if (below.length > 0) ({ row } = await this.save(store, call, row, name, after, below));
      paths.push(...changed);
    }
    return paths;
  }

  /**
   * Empties both stores of a user whose account is emptied, whatever rules and schemas say: that is no change of a part. Inside the
   * transaction of `store`.
   */
  async erase(store: Store, call: Call, userId: string): Promise<void> {
    const { version } = await this.read(store, userId);
    await releaseUniqueValues(store, userId);
    await deleteLeaves(store, userId);
    await saveMetadata(store, {
      ...{ ...emptyMetadata(userId), version: version + 1, updatedAt: call.clock.now() },
    });
  }

  /** The attribute paths of everything that is stored. */
  async pathsOf(store: Store, userId: string): Promise<readonly string[]> {
    const { userJson, appJson } = await this.read(store, userId);
    return [...withRoot('user', changedPaths({}, userJson)), ...withRoot('app', changedPaths({}, appJson))];
  }

  /** Both stores as they are. */
  async read(store: Store, userId: string): Promise<MetadataRow> {
    return (await findMetadata(store, [userId]))[0] ?? emptyMetadata(userId);
  }

  private async write(call: Call, target: MetadataTarget, edit: Edit): Promise<MetadataChange> {
    const { userId, store: name } = target;
    assertMayWriteStore(call, name, userId);
    return call.store.transaction(async (store) => {
      const user = await this.users.requireReachable(call, store, userId);
      const found = await findForWrite(store, userId);
      const row = found?.row ?? emptyMetadata(userId);
      requireVersion(row, target.ifVersion);
      const before = contentOf(row, name);
      const facts = await objectFactsOf(call, store, userId);
      const named = withRoot(name, edit.touched);
      // Asked before what is stored is looked at, so that no refusal tells of a part that the caller may not write.
      assertWritable(call, edit.isWhole ? [storePaths[name], ...named] : named, facts);
      const after = edit.apply(before, facts);
      const changed = changedPaths(before, after);
      assertWritable(call, withRoot(name, changed), facts);
      const change = { userId, store: name, before, after, changedPaths: changed };
      if (changed.length === 0) return { ...change, notices: [], row, user };
      const known = { facts, policyVersion: found?.policyVersion };
      const saved = await this.save(store, call, row, name, after, changed, known);
      await this.users.touch(call, store, userId);
      await this.audit.record(store, call, {
        action: `${storePaths[name]}.update`,
        targetType: 'User',
        targetId: userId,
        changedPaths: withRoot(name, changed),
      });
      return { ...change, ...saved, user: { ...user, updatedAt: saved.row.updatedAt } };
    });
  }

  private async save(
    store: Store,
    call: Call,
    stored: MetadataRow,
    name: StoreName,
    after: MetadataObject,
    changed: readonly string[],
    known?: Pick<Saving, 'facts' | 'policyVersion'>,
  ): Promise<SavedContent> {
    const facts = known?.facts ?? (await objectFactsOf(call, store, stored.userId));
    const { audit, limits } = this;
    const saving = { store, call, audit, limits, facts, policyVersion: known?.policyVersion };
    return saveContent(saving, stored, { name, after, changed });
  }
}

function contentOf(row: MetadataRow, name: StoreName): MetadataObject {
  return name === 'user' ? row.userJson : row.appJson;
}

function withRoot(name: StoreName, paths: readonly string[]): readonly string[] {
  return paths.map((path) => `${storePaths[name]}.${path}`);
}
