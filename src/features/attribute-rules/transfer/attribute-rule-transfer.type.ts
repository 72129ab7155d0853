import { Field, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { WithParent } from '#src/access/decorators';
import type { RuleImport } from '#src/features/attribute-rules/transfer/import-rules';
import { JsonScalar } from '#src/graphql/scalars';

export enum AttributeRuleImportMode {
  MERGE = 'MERGE',
  REPLACE = 'REPLACE',
}
registerEnumType(AttributeRuleImportMode, {
  name: 'AttributeRuleImportMode',
  description: 'What becomes of rules that the document does not name.',
  valuesConfig: {
    MERGE: { description: 'They stay.' },
    REPLACE: { description: 'They are deleted.' },
  },
});

@InputType('ImportAttributeRulesInput', { description: 'Rules to take over, all or none.' })
export class ImportAttributeRulesInput implements RuleImport {
  @Field(() => JsonScalar, { description: 'What `exportAttributeRules` gave.' })
  document!: unknown;

  @Field(() => AttributeRuleImportMode, {
    nullable: true,
    description: 'What becomes of rules that the document does not name; MERGE by default.',
  })
  mode?: AttributeRuleImportMode | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Check everything, change nothing; false by default.',
  })
  dryRun?: boolean | null;
}

@ObjectType('ImportAttributeRulesPayload', { description: 'What an import did, or would do.' })
@WithParent()
export class ImportAttributeRulesPayload {
  @Field(() => Int, { description: 'New rules.' })
  created!: number;

  @Field(() => Int, { description: 'Rules with a new version.' })
  changed!: number;

  @Field(() => Int, { description: 'Rules that are as the document says.' })
  unchanged!: number;

  @Field(() => Int, { description: 'Rules that went.' })
  deleted!: number;

  @Field(() => Boolean, { description: 'Whether it was only checked.' })
  dryRun!: boolean;
}
