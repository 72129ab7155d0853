import { z } from 'zod';
import { attributeActions } from '#src/access/rule';
import type { AttributeRuleRow } from '#src/features/attribute-rules/attribute-rule.repository';
import {
  checkAttributeRule,
  maximumRules,
  type CheckedRule,
} from '#src/features/attribute-rules/check-attribute-rule';
import { commonErrors, GatehouseError } from '#src/shared/errors';

const format = 'gatehouse.attribute-rules';
const formatVersion = 1;

const names = z.array(z.string()).nullish();
const ruleShape = z.strictObject({
  id: z
    .string()
    .regex(/^atr_[A-Za-z0-9]{1,60}$/)
    .optional(),
  version: z.int().min(1).max(1_000_000_000).optional(),
  name: z.string(),
  enabled: z.boolean().optional(),
  effect: z.enum(['DENY', 'MASK', 'ALLOW']),
  actions: z.array(z.enum(attributeActions)),
  paths: z.array(z.string()),
  subject: z
    .strictObject({
      rolesAny: names,
      rolesNone: names,
      permissionsAny: names,
      principals: names,
      applications: names,
      impersonates: z.boolean().nullish(),
    })
    .optional(),
  object: z
    .strictObject({
      connections: names,
      strategies: names,
      organizations: names,
      self: z.boolean().nullish(),
    })
    .optional(),
  conditions: z
    .strictObject({
      acr: z.string().nullish(),
      maxAgeSeconds: z.int().nullish(),
      notBefore: z.int().nullish(),
      notAfter: z.int().nullish(),
    })
    .optional(),
  mask: z.enum(['NULL', 'FIXED', 'LAST4', 'EMAIL_LOCAL', 'HASH']).nullish(),
  denial: z.enum(['ERROR', 'NULL_SILENT']).optional(),
  acceptOracleRisk: z.boolean().optional(),
});

const documentShape = z.strictObject({
  format: z.literal(format),
  formatVersion: z.literal(formatVersion),
  rules: z.array(z.unknown()).max(maximumRules),
});

/** A rule of a document. */
export interface DocumentRule {
  readonly id: string | null;
  readonly version: number;
  readonly content: CheckedRule;
}

/** Rules as a document that another deployment, or a file under version control, can keep. */
export function ruleDocument(rules: readonly AttributeRuleRow[]): object {
  return {
    format,
    formatVersion,
    rules: rules.map(
      ({ createdBy: _createdBy, createdAt: _createdAt, updatedAt: _updatedAt, ...rule }) => rule,
    ),
  };
}

/** Reads a document. Everything that is wrong with it is named together, by the position of the rule. */
export function readRuleDocument(document: unknown): readonly DocumentRule[] {
  const whole = documentShape.safeParse(document);
  if (!whole.success) {
    throw commonErrors.BAD_USER_INPUT({
      message: `The document must be an object with format "${format}", formatVersion ${formatVersion} and at most ${maximumRules} rules.`,
      extensions: { field: 'document' },
    });
  }
  const problems: { readonly rule: number; readonly message: string }[] = [];
  const read: DocumentRule[] = [];
  const ids = new Set<string>();
  whole.data.rules.forEach((item, index) => {
    const shaped = ruleShape.safeParse(item);
    if (!shaped.success) {
      const [first] = shaped.error.issues;
      problems.push({ rule: index, message: `"${first?.path.join('.') ?? ''}" is not as it should be.` });
      return;
    }
    const { id, version = 1, ...draft } = shaped.data;
    if (id !== undefined && ids.has(id))
      problems.push({ rule: index, message: 'Its id stands twice in the document.' });
    if (id !== undefined) ids.add(id);
    try {
      read.push({ id: id ?? null, version, content: checkAttributeRule(draft as never) });
    } catch (error) {
      if (!(error instanceof GatehouseError)) throw error;
      problems.push({ rule: index, message: error.message });
    }
  });
  if (problems.length === 0) return read;
  throw commonErrors.BAD_USER_INPUT({
    message: `Nothing was imported: ${problems.length} of the rules are not valid.`,
    extensions: { field: 'document', problems },
  });
}
