import type { Call } from '#src/access/call';
import type { PolicySource } from '#src/access/platform';
import type { AuditService } from '#src/features/audit/audit.service';
import { refuseAbove } from '#src/features/roles/bulk-ids';
import { badInput } from '#src/features/roles/checked-text';
import { requireTenantScope } from '#src/features/roles/grant-guard';
import {
  checkAttributeRule,
  maximumRules,
  type AttributeRuleDraft,
  type CheckedRule,
} from './check-attribute-rule';
import * as rules from './attribute-rule.repository';
import type { AttributeRuleRow, RuleFilter } from './attribute-rule.repository';
import {
  findVersions,
  insertVersion,
  type AttributeRuleVersionRow,
  type RuleChange,
} from '#src/features/attribute-rules/history/attribute-rule-history.repository';
import { raisePolicyVersion } from './policy.repository';
import { refuseLockOut } from '#src/features/attribute-rules/guards/refuse-lock-out';
import { refuseOracle } from '#src/features/attribute-rules/guards/refuse-oracle';
import { requireRecentSignIn } from '#src/features/attribute-rules/guards/require-recent-sign-in';
import { commonErrors } from '#src/shared/errors';
import type { Page, PageArguments } from '#src/shared/page';
import type { Store } from '#src/storage/store';

export interface SaveAttributeRule extends AttributeRuleDraft {
  /** The rule to change; absent: a new one. */
  readonly id?: string | null;
  /** The version that was read; needed to change a rule. */
  readonly expectedVersion?: number | null;
}

export interface SwitchAttributeRule {
  readonly id: string;
  readonly enabled: boolean;
  /** When given, the version that was read. */
  readonly expectedVersion?: number | null;
}

/** The stored rules. A change is in force on this node when its call ends, on the others when they hear of it. */
export class AttributeRuleService {
  constructor(
    private readonly audit: AuditService,
    private readonly policies: PolicySource,
  ) {}

  list(call: Call, filter: RuleFilter, page: PageArguments): Promise<Page<AttributeRuleRow>> {
    return rules.findRulePage(call.store, filter, page);
  }

  count(call: Call, filter: RuleFilter): Promise<number> {
    return rules.countRules(call.store, filter);
  }

  /** Every rule, disabled ones included, oldest first. */
  all(call: Call): Promise<AttributeRuleRow[]> {
    return rules.findAllRules(call.store);
  }

  /** Every version of a rule, newest first, also when it was deleted. */
  history(call: Call, id: string, page: PageArguments): Promise<Page<AttributeRuleVersionRow>> {
    return findVersions(call.store, id, page);
  }

  /** Creates a rule, or replaces one whose version is still the expected one. */
  save(call: Call, input: SaveAttributeRule): Promise<AttributeRuleRow> {
    const checked = checkAttributeRule(input);
    return this.change(call, async (store) => {
      if (!input.id) {
        const current = (await rules.countRules(store)) + 1;
        refuseAbove(maximumRules, current, `There may be at most ${maximumRules} attribute rules.`);
        return this.create(store, call, { ...checked, id: call.ids.next('atr'), version: 1 }, 'CREATED');
      }
      const stored = await requireRule(store, input.id);
      if (typeof input.expectedVersion !== 'number') {
        throw badInput(
          'expectedVersion',
          'Name the version that you read, so that nobody else’s change is lost.',
        );
      }
      requireExpected(stored.version, input.expectedVersion);
      return this.replace(store, call, stored, checked, 'CHANGED');
    });
  }

  /** Puts a rule in force or out of it; without effect, and without a new version, when it is so already. */
  setEnabled(call: Call, { id, enabled, expectedVersion }: SwitchAttributeRule): Promise<AttributeRuleRow> {
    return this.change(call, async (store) => {
      const stored = await requireRule(store, id);
      if (typeof expectedVersion === 'number') requireExpected(stored.version, expectedVersion);
      if (stored.enabled === enabled) return stored;
      return this.replace(store, call, stored, { enabled }, enabled ? 'ENABLED' : 'DISABLED');
    });
  }

  delete(call: Call, id: string): Promise<string> {
    return this.change(call, async (store) => {
      const stored = await requireRule(store, id);
      await this.remove(store, call, stored);
      return id;
    });
  }

  /**
   * Runs a change of any rules in one transaction: nobody else changes rules meanwhile, what the guards refuse is rolled back as a
   * whole, and the change is in force on this node when it ends. With `dryRun` everything is checked and nothing kept.
   */
  async change<Result>(
    call: Call,
    work: (store: Store) => Promise<Result>,
    { dryRun = false }: { readonly dryRun?: boolean } = {},
  ): Promise<Result> {
    requireTenantScope(call);
    requireRecentSignIn(call);
    const dry = new DryRun<Result>();
    try {
      const result = await call.store.transaction(async (store) => {
        await raisePolicyVersion(store);
        const before = await rules.findAllRules(store);
        const changed = await work(store);
        const after = await rules.findAllRules(store);
        refuseOracle(before, after);
        await refuseLockOut(store, call, before, after);
        if (dryRun) throw dry.with(changed);
        return changed;
      });
      await this.policies.refresh();
      return result;
    } catch (error) {
      if (error === dry) return dry.result as Result;
      throw error;
    }
  }

  /** Inside `change`: a new rule with its first version. */
  async create(
    store: Store,
    call: Call,
    rule: CheckedRule & { readonly id: string; readonly version: number },
    change: RuleChange,
  ): Promise<AttributeRuleRow> {
    const now = call.clock.now();
    const row = { ...rule, createdBy: call.principal.subject, createdAt: now, updatedAt: now };
    await rules.insertRule(store, row);
    await this.keep(store, call, row, change);
    return row;
  }

  /** Inside `change`: the next version of a rule. */
  async replace(
    store: Store,
    call: Call,
    stored: AttributeRuleRow,
    content: Partial<CheckedRule>,
    change: RuleChange,
  ): Promise<AttributeRuleRow> {
    const set = { ...content, version: stored.version + 1, updatedAt: call.clock.now() };
    await rules.updateRule(store, stored.id, set);
    const row = { ...stored, ...set };
    await this.keep(store, call, row, change);
    return row;
  }

  /** Inside `change`: the rule goes, its versions stay. */
  async remove(store: Store, call: Call, stored: AttributeRuleRow): Promise<void> {
    await rules.deleteRule(store, stored.id);
    const last = { ...stored, enabled: false, version: stored.version + 1, updatedAt: call.clock.now() };
    await this.keep(store, call, last, 'DELETED');
  }

  private async keep(store: Store, call: Call, row: AttributeRuleRow, change: RuleChange): Promise<void> {
    await insertVersion(store, row, change, call.principal.subject);
    await this.audit.record(store, call, {
      action: change === 'DELETED' ? 'attribute_rule.delete' : 'attribute_rule.save',
      targetType: 'AttributeRule',
      targetId: row.id,
      changedPaths: row.paths,
      details: { change, version: row.version, effect: row.effect, enabled: row.enabled },
    });
  }
}

/** Thrown to roll a checked change back. */
class DryRun<Result> extends Error {
  result: Result | undefined;

  with(result: Result): this {
    this.result = result;
    return this;
  }
}

async function requireRule(store: Store, id: string): Promise<AttributeRuleRow> {
  const stored = await rules.findRule(store, id);
  if (stored) return stored;
  throw commonErrors.NOT_FOUND({ message: 'There is no such attribute rule.' });
}

function requireExpected(stored: number, expected: number): void {
  if (expected === stored) return;
  throw commonErrors.CONFLICT({
    message: 'The rule was changed since you read it. Read it again and retry.',
    extensions: { field: 'expectedVersion', current: stored },
  });
}
