import { isDeepStrictEqual } from 'node:util';
import type { Call } from '#src/access/call';
import { findAllRules, type AttributeRuleRow } from '#src/features/attribute-rules/attribute-rule.repository';
import type { AttributeRuleService } from '#src/features/attribute-rules/attribute-rule.service';
import { maximumRules, type CheckedRule } from '#src/features/attribute-rules/check-attribute-rule';
import { findVersions } from '#src/features/attribute-rules/history/attribute-rule-history.repository';
import { readRuleDocument, type DocumentRule } from '#src/features/attribute-rules/transfer/rule-document';
import { refuseAbove } from '#src/features/roles/bulk-ids';
import type { Store } from '#src/storage/store';

export interface RuleImport {
  readonly document: unknown;
  /** MERGE leaves rules that the document does not name as they are, REPLACE deletes them. */
  readonly mode?: 'MERGE' | 'REPLACE' | null;
  readonly dryRun?: boolean | null;
}

export interface RuleImportOutcome {
  readonly created: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly deleted: number;
  readonly dryRun: boolean;
}

/**
 * Takes rules over from a document, all or none, through the same checks and guards as single changes. A rule keeps its id, so that a
 * second import of the same document changes nothing, and a new one its version number; a changed one gets its next version.
 */
export function importRules(
  service: AttributeRuleService,
  call: Call,
  { document, mode, dryRun }: RuleImport,
): Promise<RuleImportOutcome> {
  const wanted = readRuleDocument(document);
  const isDry = dryRun ?? false;
  return service.change(
    call,
    async (store) => {
      const stored = new Map((await findAllRules(store)).map((rule) => [rule.id, rule]));
      const count = { created: 0, changed: 0, unchanged: 0, deleted: 0 };
      const named = new Set(wanted.map(({ id }) => id));
      for (const rule of stored.values()) {
        if (mode !== 'REPLACE' || named.has(rule.id)) continue;
        await service.remove(store, call, rule);
        count.deleted += 1;
      }
      for (const rule of wanted) {
        count[await takeOver(service, store, call, rule, stored.get(rule.id ?? ''))] += 1;
      }
      const total = stored.size - count.deleted + count.created;
      refuseAbove(maximumRules, total, `There may be at most ${maximumRules} attribute rules.`, 'document');
      return { ...count, dryRun: isDry };
    },
    { dryRun: isDry },
  );
}

async function takeOver(
  service: AttributeRuleService,
  store: Store,
  call: Call,
  { id, version, content }: DocumentRule,
  stored: AttributeRuleRow | undefined,
): Promise<'created' | 'changed' | 'unchanged'> {
  if (!stored) {
    const first = id === null ? 1 : Math.max(version, (await lastVersion(store, id)) + 1);
    await service.create(
      store,
      call,
      { ...content, id: id ?? call.ids.next('atr'), version: first },
      'IMPORTED',
    );
    return 'created';
  }
  if (isDeepStrictEqual(contentOf(stored), content)) return 'unchanged';
  await service.replace(store, call, stored, content, 'IMPORTED');
  return 'changed';
}

async function lastVersion(store: Store, id: string): Promise<number> {
  const { rows } = await findVersions(store, id, { first: 1 });
  return rows[0]?.version ?? 0;
}

function contentOf(row: AttributeRuleRow): CheckedRule {
  const { id: _id, version: _version, createdBy: _by, createdAt: _at, updatedAt: _updated, ...content } = row;
  return content as unknown as CheckedRule;
}
