import { checkValueSchema } from '#src/features/metadata/schema/check-metadata-schema';
import { compileSchema } from '#src/features/metadata/schema/compile-schema';
import { profileStepErrors } from './profile-step.errors';
import type { ProfileStepRow } from './profile-step.repository';
import { stepAttribute } from './step-attribute';
import { checkedOptionalText, checkedText } from '#src/features/roles/checked-text';
import { commonErrors } from '#src/shared/errors';

/** A step as a caller writes it; what is absent or null takes its usual value. */
export interface ProfileStepDraft {
  readonly key: string;
  readonly attribute: string;
  readonly label: string;
  readonly description?: string | null;
  readonly kind?: ProfileStepRow['kind'] | null;
  readonly required?: boolean | null;
  readonly enabled?: boolean | null;
  readonly askAfterLogins?: number | null;
  readonly askAfterDays?: number | null;
  readonly snoozeDays?: number | null;
  readonly roleIds?: readonly string[] | null;
  readonly organizationIds?: readonly string[] | null;
  readonly applicationIds?: readonly string[] | null;
  readonly position?: number | null;
  readonly validator?: unknown;
}

export type CheckedStep = Omit<ProfileStepRow, 'version' | 'createdBy' | 'createdAt' | 'updatedAt'>;

const usualSnoozeDays = 7;
const mostDays = 3650;
const mostLogins = 1_000_000;
const mostGroups = 50;

export function checkProfileStep(draft: ProfileStepDraft): CheckedStep {
  if (!/^[a-z][a-z0-9_-]{0,63}$/.test(draft.key)) {
    throw wrong('key', 'A key is 1 to 64 small letters, digits, - and _, and begins with a letter.');
  }
  return {
    key: draft.key,
    attribute: stepAttribute(draft.attribute),
    label: checkedText('label', draft.label, 100),
    description: checkedOptionalText('description', draft.description ?? null, 500),
    kind: draft.kind ?? 'TEXT',
    required: draft.required ?? false,
    enabled: draft.enabled ?? true,
    askAfterLogins: checkedNumber('askAfterLogins', draft.askAfterLogins ?? 0, mostLogins),
    askAfterDays: checkedNumber('askAfterDays', draft.askAfterDays ?? 0, mostDays),
    snoozeDays: checkedNumber('snoozeDays', draft.snoozeDays ?? usualSnoozeDays, mostDays),
    roleIds: checkedIds('roleIds', draft.roleIds ?? []),
    organizationIds: checkedIds('organizationIds', draft.organizationIds ?? []),
    applicationIds: checkedIds('applicationIds', draft.applicationIds ?? []),
    position: checkedNumber('position', draft.position ?? 0, mostLogins),
    validator: checkedValidator(draft.validator ?? null),
  };
}

function checkedNumber(field: string, value: number, most: number): number {
  if (value >= 0 && value <= most) return value;
  throw wrong(field, `"${field}" must be a whole number from 0 to ${most}.`);
}

function checkedIds(field: string, ids: readonly string[]): readonly string[] {
  const distinct = [...new Set(ids)];
  if (distinct.length <= mostGroups && distinct.every((id) => id.length <= 255)) return distinct;
  throw wrong(field, `"${field}" takes at most ${mostGroups} ids.`);
}

function checkedValidator(validator: unknown): Record<string, unknown> | null {
  if (validator === null) return null;
  const schema = checkValueSchema(validator);
  compileSchema(schema);
  return schema;
}

function wrong(field: string, message: string): Error {
  return profileStepErrors.INVALID_PROFILE_STEP({ message, extensions: { field } });
}

const kinds: { readonly [kind in ProfileStepRow['kind']]: readonly [string, (value: unknown) => boolean] } = {
  TEXT: ['a text that is not empty', (value) => typeof value === 'string' && value.trim() !== ''],
  NUMBER: ['a number', (value) => typeof value === 'number' && Number.isFinite(value)],
  BOOLEAN: ['true or false', (value) => typeof value === 'boolean'],
  DATE: ['a date such as 2026-01-31', isDate],
  JSON: ['a value', (value) => value !== null && value !== undefined],
};

function isDate(value: unknown): boolean {
  return typeof value === 'string' && compileSchema({ type: 'string', format: 'date' })(value).length === 0;
}

/** Refuses a value that the step does not take, with what is wrong and without the value. */
export function checkStepValue(step: ProfileStepRow, value: unknown): void {
  const [name, isKind] = kinds[step.kind];
  if (!isKind(value)) {
    throw commonErrors.VALIDATION_FAILED({
      message: `The value must be ${name}.`,
      extensions: { field: 'value' },
    });
  }
  const violations = step.validator === null ? [] : compileSchema(step.validator)(value);
  if (violations.length === 0) return;
  const named = violations
    .slice(0, 20)
    .map(({ path, keyword, problem }) => ({ path, rule: keyword, problem }));
  throw commonErrors.VALIDATION_FAILED({
    message: `The value ${named.map(({ problem }) => problem).join('; ')}.`,
    extensions: { field: 'value', violations: named },
  });
}
