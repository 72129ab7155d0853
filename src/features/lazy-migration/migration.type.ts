import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { WithParent } from '#src/access/decorators';
import {
  MigrationOutcomeKind,
  SourceFaultReason,
} from '#src/features/lazy-migration/attempts/attempt-outcome.type';
import type { SourceWrite } from '#src/features/lazy-migration/sources/migration-source';
import type { SourceTrial, TrialUser } from '#src/features/lazy-migration/sources/try-source';
import { DateTimeScalar } from '#src/graphql/scalars';
import type { Instant } from '#src/shared/clock';

const SourceKindEnum = {
  ...{ HTTP: 'HTTP', WEBHOOK: 'WEBHOOK', SQL: 'SQL' },
  ...{ SCRIPT: 'SCRIPT', OKTA: 'OKTA', COGNITO: 'COGNITO' },
} as const;
registerEnumType(SourceKindEnum, {
  name: 'MigrationSourceKind',
  description: 'How a source is asked.',
  valuesConfig: {
    HTTP: { description: 'One URL for each person.' },
    WEBHOOK: { description: 'One URL for all questions.' },
    SQL: { description: 'A query of a database.' },
    SCRIPT: { description: 'A script of the operator.' },
    OKTA: { description: 'An organization at Okta.' },
    COGNITO: { description: 'A user pool of Amazon Cognito.' },
  },
});

export const SourceWriteEnum = {
  ...{ CREATE: 'CREATE', VERIFY: 'VERIFY', CHANGE_PASSWORD: 'CHANGE_PASSWORD' },
  ...{ DELETE: 'DELETE', CHANGE_EMAIL: 'CHANGE_EMAIL', MIGRATED: 'MIGRATED' },
} as const;
registerEnumType(SourceWriteEnum, {
  name: 'SourceWrite',
  description: 'A change here that a source can be told of.',
  valuesConfig: {
    CREATE: { description: 'A user with a password is made, while the import mode is off.' },
    VERIFY: { description: 'An address was verified, while the import mode is off.' },
    CHANGE_PASSWORD: {
      description: 'A password is changed: of everybody while the import mode is off, else of who has moved.',
    },
    DELETE: { description: 'A user was deleted, while the import mode is off.' },
    CHANGE_EMAIL: { description: 'An address was changed, while the import mode is off.' },
    MIGRATED: { description: 'Somebody has moved, while the import mode is on.' },
  },
});

const TrialOutcomeEnum = {
  MATCH: 'MATCH',
  MISMATCH: 'MISMATCH',
  FOUND: 'FOUND',
  UNKNOWN: 'UNKNOWN',
  FAULT: 'FAULT',
} as const;
registerEnumType(TrialOutcomeEnum, {
  name: 'SourceTestOutcome',
  description: 'What a source answered.',
  valuesConfig: {
    MATCH: { description: 'The password is right.' },
    MISMATCH: { description: 'The person is known, the password is wrong.' },
    FOUND: { description: 'The person is known.' },
    UNKNOWN: { description: 'Nobody has this identifier.' },
    FAULT: { description: 'No usable answer: see `reason`.' },
  },
});

@ObjectType('MigrationSource', {
  description: 'The system that users of a connection come from at their first sign-in.',
})
@WithParent()
export class MigrationSourceType {
  @Field(() => String, { description: 'Name of the connection.' })
  connection!: string;

  @Field(() => SourceKindEnum, { description: 'How it is asked.' })
  kind!: keyof typeof SourceKindEnum;

  @Field(() => Boolean, { description: 'Whether it is asked.' })
  isEnabled!: boolean;

  @Field(() => String, { nullable: true, description: 'Its URL; null for a database and a script.' })
  url!: string | null;

  @Field(() => String, { nullable: true, description: 'Name of its database; null for others.' })
  database!: string | null;

  @Field(() => String, { nullable: true, description: 'Name of its script; null for others.' })
  script!: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Milliseconds that it may take to answer; null: as configured.',
  })
  timeoutMs!: number | null;

  @Field(() => Boolean, { description: 'Whether user ids get the connection’s name in front.' })
  prefixIds!: boolean;

  @Field(() => Boolean, { description: 'Whether users who were deleted here may come back.' })
  allowReimport!: boolean;

  @Field(() => [SourceWriteEnum], { description: 'Which changes here it is told of.' })
  writeBack!: readonly SourceWrite[];

  @Field(() => DateTimeScalar, { description: 'When it was first set.' })
  createdAt!: Instant;

  @Field(() => DateTimeScalar, { description: 'When it was last set.' })
  updatedAt!: Instant;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When the move was declared to be over.' })
  finishedAt!: Instant | null;
}

@ObjectType('MigrationOutcome', { description: 'How often questions to a source ended so.' })
@WithParent()
export class MigrationOutcomeType {
  @Field(() => MigrationOutcomeKind, { description: 'What became of them.' })
  outcome!: string;

  @Field(() => Int, { description: 'How often.' })
  count!: number;
}

@ObjectType('MigrationStatus', { description: 'How far the move of a connection has come.' })
@WithParent()
export class MigrationStatusType {
  @Field(() => MigrationSourceType, { nullable: true, description: 'The source; null where there is none.' })
  source!: MigrationSourceType | null;

  @Field(() => Boolean, {
    description: 'Whether passwords are kept here after the first sign-in; see `setImportMode`.',
  })
  importMode!: boolean;

  @Field(() => Int, { description: 'Users who came from the source.' })
  migrated!: number;

  @Field(() => Int, { description: 'People at the source who were deleted here.' })
  deleted!: number;

  @Field(() => Int, { description: 'Users of the connection who have no password here.' })
  withoutPassword!: number;

  @Field(() => Int, {
    description: 'Users who have not signed in since they came with a password hash of another system.',
  })
  importedHashes!: number;

  @Field(() => [MigrationOutcomeType], {
    description:
      'What became of questions in the last 24 hours, the most frequent first; up to ten seconds late.',
  })
  lastDay!: readonly MigrationOutcomeType[];
}

@ObjectType('SourceTestUser', { description: 'The user that a first sign-in would make.' })
@WithParent()
export class SourceTestUserType implements TrialUser {
  @Field(() => ID, { description: 'Id of the user.' })
  id!: string;

  @Field(() => [String], { description: 'Names of the attributes that would be kept; no values.' })
  attributes!: readonly string[];

  @Field(() => Int, { description: 'How many attributes a blacklist would stop.' })
  stripped!: number;

  @Field(() => Int, { description: 'How many attributes cannot be stored.' })
  ignored!: number;
}

@ObjectType('TestMigrationSourcePayload', {
  description: 'What the source answered. Nothing was made or counted.',
})
@WithParent()
export class TestMigrationSourcePayload implements SourceTrial {
  @Field(() => TrialOutcomeEnum, { description: 'The answer.' })
  outcome!: SourceTrial['outcome'];

  @Field(() => SourceFaultReason, { nullable: true, description: 'For FAULT: why.' })
  reason!: SourceTrial['reason'];

  @Field(() => Int, { description: 'Milliseconds that it took.' })
  durationMs!: number;

  @Field(() => SourceTestUserType, { nullable: true, description: 'For MATCH and FOUND.' })
  user!: SourceTestUserType | null;
}

@ObjectType('SetMigrationSourcePayload', { description: 'The source as it is now.' })
@WithParent()
export class SetMigrationSourcePayload {
  @Field(() => MigrationSourceType, { nullable: true, description: 'The source, without its secrets.' })
  source!: MigrationSourceType;
}

@ObjectType('FinishMigrationPayload', { description: 'The end of a move.' })
@WithParent()
export class FinishMigrationPayload {
  @Field(() => MigrationStatusType, { nullable: true, description: 'How far the move came.' })
  status!: MigrationStatusType;
}

@ObjectType('SetImportModePayload', { description: 'Where passwords are kept from now on.' })
@WithParent()
export class SetImportModePayload {
  @Field(() => MigrationStatusType, { nullable: true, description: 'How far the move has come.' })
  status!: MigrationStatusType;
}
