import type { Call } from '#src/access/call';
import type { PolicySource } from '#src/access/platform';
import type { AuditService } from '#src/features/audit/audit.service';
import { refuseAbove } from '#src/features/roles/bulk-ids';
import { badInput } from '#src/features/roles/checked-text';
import { requireTenantScope } from '#src/features/roles/grant-guard';
import { checkAttributeRule, type AttributeRuleDraft } from './check-attribute-rule';
import * as rules from './attribute-rule.repository';
import type { AttributeRuleRow } from './attribute-rule.repository';
import { raisePolicyVersion } from './policy.repository';
import { commonErrors } from '#src/shared/errors';
import type { Page, PageArguments } from '#src/shared/page';

export interface SaveAttributeRule extends AttributeRuleDraft {
  /** The rule to change; absent: a new one. */
  readonly id?: string | null;
  /** The version that was read; needed to change a rule. */
  readonly expectedVersion?: number | null;
}

/** Every read looks at every rule, so there is an end to their number. */
export const maximumRules = 500;

/** The stored rules. A change is in force on this node when its call ends, on the others when they next ask. */
export class AttributeRuleService {
  constructor(
    private readonly audit: AuditService,
    private readonly policies: PolicySource,
  ) {}

  list(call: Call, page: PageArguments): Promise<Page<AttributeRuleRow>> {
    return rules.findRulePage(call.store, page);
  }

  count(call: Call): Promise<number> {
    return rules.countRules(call.store);
  }

  /** Creates a rule, or replaces one whose version is still the expected one. */
  async save(call: Call, input: SaveAttributeRule): Promise<AttributeRuleRow> {
    requireTenantScope(call);
    const checked = checkAttributeRule(input);
    const now = call.clock.now();
    const row = await call.store.transaction(async (store) => {
      await raisePolicyVersion(store);
      let saved: AttributeRuleRow;
      if (input.id) {
        const stored = await rules.findRule(store, input.id);
        if (!stored) throw unknownRule();
        requireExpected(stored.version, input.expectedVersion);
        const set = { ...checked, version: stored.version + 1, updatedAt: now };
        await rules.updateRule(store, stored.id, set);
        saved = { ...stored, ...set };
      } else {
        const current = (await rules.countRules(store)) + 1;
        refuseAbove(maximumRules, current, `There may be at most ${maximumRules} attribute rules.`);
        const createdBy = call.principal.subject;
        saved = {
          ...checked,
          id: call.ids.next('atr'),
          version: 1,
          createdBy,
          createdAt: now,
          updatedAt: now,
        };
        await rules.insertRule(store, saved);
      }
      await this.audit.record(store, call, {
        action: 'attribute_rule.save',
        targetType: 'AttributeRule',
        targetId: saved.id,
        changedPaths: saved.paths,
        details: { version: saved.version, effect: saved.effect, enabled: saved.enabled },
      });
      return saved;
    });
    await this.policies.refresh();
    return row;
  }

  async delete(call: Call, id: string): Promise<string> {
    requireTenantScope(call);
    await call.store.transaction(async (store) => {
      await raisePolicyVersion(store);
      if (!(await rules.deleteRule(store, id))) throw unknownRule();
      await this.audit.record(store, call, {
        action: 'attribute_rule.delete',
        targetType: 'AttributeRule',
        targetId: id,
      });
    });
    await this.policies.refresh();
    return id;
  }
}

function requireExpected(stored: number, expected: number | null | undefined): void {
  if (expected === undefined || expected === null) {
    throw badInput(
      'expectedVersion',
      'Name the version that you read, so that nobody else’s change is lost.',
    );
  }
  if (expected !== stored) throw commonErrors.VERSION_CONFLICT({ extensions: { current: stored } });
}

function unknownRule(): Error {
  return commonErrors.NOT_FOUND({ message: 'There is no such attribute rule.' });
}
