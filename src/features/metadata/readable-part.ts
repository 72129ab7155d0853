import { segmentsOf } from '#src/access/attribute-path';
import { decide, type ObjectFacts } from '#src/access/decide';
import { hasRuleInside, pruneAttribute } from '#src/access/prune';
import type { MetadataChange } from './metadata-change';
import { valueAt } from './metadata-path';
import { storePaths, type MetadataObject, type StoreName } from './metadata-store';
import type { RequestContext } from '#src/graphql/request-context';
import type { JsonText } from '#src/shared/json-text';

interface Part {
  readonly userId: string;
  readonly store: StoreName;
  readonly value: MetadataObject;
  readonly path: string | null | undefined;
}

/** What the caller may read of a store whose own field is allowed: pruned first, so that a path cannot reach a pruned member. */
export function readablePart(context: RequestContext, part: Part): unknown {
  return withFacts(context, part.userId, (facts) => {
    const readable = pruneAttribute(context, storePaths[part.store], part.value, facts);
    return part.path === null || part.path === undefined ? readable : valueAt(readable, part.path);
  });
}

interface StoredPart extends Pick<Part, 'userId' | 'store' | 'path'> {
  readonly stored: JsonText;
}

/** The same of a store as it is stored, whose text stays whole where no rule or path looks into it. */
export function readableStore(context: RequestContext, { userId, store, stored, path }: StoredPart): unknown {
  const isWhole =
    (path === null || path === undefined) && !hasRuleInside(context, segmentsOf(storePaths[store]));
  if (isWhole) return stored;
  return readablePart(context, { userId, store, value: stored.value as MetadataObject, path });
}

/** What the caller may read of a change: nothing of it, unless the store's own field is allowed; hidden members do not show. */
export function readableChange(
  context: RequestContext,
  change: MetadataChange,
): ReadableChange | Promise<ReadableChange> {
  return withFacts(context, change.userId, (facts) => {
    const root = storePaths[change.store];
    if (decide(context, 'READ', root, facts) !== 'ALLOW')
      return { before: null, after: null, changedPaths: [] };
    return {
      before: pruneAttribute(context, root, change.before, facts),
      after: pruneAttribute(context, root, change.after, facts),
      changedPaths: change.changedPaths.filter(
        (path) => decide(context, 'READ', `${root}.${path}`, facts) === 'ALLOW',
      ),
    };
  });
}

export interface ReadableChange {
  readonly before: unknown;
  readonly after: unknown;
  readonly changedPaths: readonly string[];
}

function withFacts<Answer>(
  context: RequestContext,
  userId: string,
  answer: (facts: ObjectFacts) => Answer,
): Answer | Promise<Answer> {
  const facts = context.gate.factsOf(userId, null);
  return facts instanceof Promise ? facts.then(answer) : answer(facts);
}
