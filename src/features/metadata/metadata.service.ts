import type { Call } from '#src/access/call';
import { assertWritable } from '#src/access/write-gate';
import type { AuditService } from '#src/features/audit/audit.service';
import { changedPaths, mergedPaths, touchedPaths } from './changed-paths';
import { checkPatch, checkSize, sizeOf, type MetadataLimits } from './check-metadata';
import { compareLeaves, flatten } from './flatten';
import { fillGaps, mergeMetadata, type MetadataMode } from './merge-metadata';
import { assertMayWriteStore, type MetadataChange } from './metadata-change';
import { pathSegments, withValueAt } from './metadata-path';
import { storePaths, type MetadataObject, type StoreName } from './metadata-store';
import { emptyMetadata } from './metadata.loader';
import {
  findMetadata,
  insertLeaves,
  saveLeaves,
  saveMetadata,
  type MetadataRow,
} from './metadata.repository';
import { objectFactsOf } from '#src/features/users/reach/object-facts.loader';
import { requireVersion } from '#src/features/users/changes/update-user';
import type { NewUserExtras } from '#src/features/users/user-hooks';
import type { UserService } from '#src/features/users/user.service';
import type { Store } from '#src/storage/store';

export interface MetadataTarget {
  readonly userId: string;
  readonly store: StoreName;
  /** Refuse with VERSION_CONFLICT when the stored version is another. */
  readonly ifVersion?: number | null;
}

/** How a write changes one store, and every path it names: what the write gate is asked about. */
interface Edit {
  readonly apply: (stored: MetadataObject) => MetadataObject;
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
    const checked = checkPatch(patch, target.store);
    return this.write(call, target, {
      apply: (stored) => mergeMetadata(stored, checked, mode),
      touched: mode === 'MERGE_DEEP' ? mergedPaths(checked) : touchedPaths(checked),
      isWhole: mode === 'REPLACE' || (mode === 'MERGE_SHALLOW' && Object.keys(checked).length === 0),
    });
  }

  /** Sets the value at one path; null removes it, missing parents are created. */
  async setPath(call: Call, target: MetadataTarget, path: string, value: unknown): Promise<MetadataChange> {
    const patch = pathSegments(path).reduceRight<unknown>(
      (below, key) => Object.fromEntries([[key, below]]),
      value,
    );
    checkPatch(patch, target.store);
    return this.write(call, target, {
      apply: (stored) => withValueAt(stored, path, value),
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
    const user = checkPatch(extras.userMetadata ?? {}, 'user');
    const app = checkPatch(extras.appMetadata ?? {}, 'app');
    const facts = await objectFactsOf(call, store, userId);
    assertWritable(
      call,
      [...withRoot('user', touchedPaths(user)), ...withRoot('app', touchedPaths(app))],
      facts,
    );
    const bytes = sizeOf(user, app);
    checkSize(bytes, this.limits);
    const updatedAt = call.clock.now();
    await saveMetadata(store, { userId, userJson: user, appJson: app, bytes, version: 1, updatedAt });
    await insertLeaves(store, userId, 'user', flatten(user));
    await insertLeaves(store, userId, 'app', flatten(app));
  }

  /** Gives `userId` the members of the other user's stores that it lacks; answers the changed attribute paths. */
  async fillGapsFrom(store: Store, call: Call, userId: string, otherId: string): Promise<readonly string[]> {
    const [own, other] = await findMetadata(store, [userId, otherId]);
    let row = own ?? emptyMetadata(userId);
    const paths: string[] = [];
    for (const name of ['user', 'app'] as const) {
      const before = contentOf(row, name);
      const after = fillGaps(before, other ? contentOf(other, name) : {});
      const changed = withRoot(name, changedPaths(before, after));
      assertWritable(call, changed, await objectFactsOf(call, store, userId));
      if (changed.length > 0) ({ row } = await this.save(store, call, row, name, after));
      paths.push(...changed);
    }
    return paths;
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
      const row = await this.read(store, userId);
      requireVersion(row, target.ifVersion);
      const before = contentOf(row, name);
      const after = edit.apply(before);
      const changed = changedPaths(before, after);
      const named = [...new Set([...edit.touched, ...changed])];
      const paths = edit.isWhole ? [storePaths[name], ...withRoot(name, named)] : withRoot(name, named);
      assertWritable(call, paths, await objectFactsOf(call, store, userId));
      const change = { userId, store: name, before, after, changedPaths: changed };
      if (changed.length === 0) return { ...change, warnings: [], row, user };
      const saved = await this.save(store, call, row, name, after);
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

  /** Stores one of the two objects with its leaves; refuses to grow above the hard limit. */
  private async save(
    store: Store,
    call: Call,
    stored: MetadataRow,
    name: StoreName,
    after: MetadataObject,
  ): Promise<{ row: MetadataRow; warnings: readonly string[] }> {
    const userJson = name === 'user' ? after : stored.userJson;
    const appJson = name === 'app' ? after : stored.appJson;
    const bytes = sizeOf(userJson, appJson);
    const warnings = bytes <= stored.bytes ? [] : checkSize(bytes, this.limits);
    if (warnings.length > 0) call.logger.warn({ event: 'profile.oversized', userId: stored.userId, bytes });
    const row: MetadataRow = {
      userId: stored.userId,
      userJson,
      appJson,
      bytes,
      version: stored.version + 1,
      updatedAt: call.clock.now(),
    };
    await saveMetadata(store, row);
    await saveLeaves(store, stored.userId, name, compareLeaves(contentOf(stored, name), after), after);
    return { row, warnings };
  }
}

function contentOf(row: MetadataRow, name: StoreName): MetadataObject {
  return name === 'user' ? row.userJson : row.appJson;
}

function withRoot(name: StoreName, paths: readonly string[]): readonly string[] {
  return paths.map((path) => `${storePaths[name]}.${path}`);
}
