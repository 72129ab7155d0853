import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { WithParent } from '#src/access/decorators';
import { JsonScalar } from '#src/graphql/scalars';
import type { ImportChange } from '#src/features/groups/transfer/import-changes';
import type { ImportReport } from '#src/features/groups/transfer/import-authorization';

export enum AuthorizationImportMode {
  MERGE = 'MERGE',
  REPLACE = 'REPLACE',
}
registerEnumType(AuthorizationImportMode, {
  name: 'AuthorizationImportMode',
  description: 'What becomes of what the document does not hold.',
  valuesConfig: {
    MERGE: { description: 'It stays.' },
    REPLACE: {
      description:
        'Groups of the deployment, and roles and permissions of applications, go; roles for all applications stay.',
    },
  },
});

export enum ImportAction {
  CREATE = 'CREATE',
  UPDATE = 'UPDATE',
  DELETE = 'DELETE',
}
registerEnumType(ImportAction, {
  name: 'AuthorizationImportAction',
  description: 'What an import does with an object.',
  valuesConfig: {
    CREATE: { description: 'It was not there.' },
    UPDATE: { description: 'Something of it changes.' },
    DELETE: { description: 'It goes.' },
  },
});

export enum ImportKind {
  GROUP = 'GROUP',
  ROLE = 'ROLE',
  PERMISSION = 'PERMISSION',
  CONFIGURATION = 'CONFIGURATION',
}
registerEnumType(ImportKind, {
  name: 'AuthorizationImportKind',
  description: 'What kind of object an import changes.',
  valuesConfig: {
    GROUP: { description: 'A group.' },
    ROLE: { description: 'A role.' },
    PERMISSION: { description: 'A permission of an application.' },
    CONFIGURATION: { description: 'The switches of `authorizationConfig`.' },
  },
});

@ObjectType('AuthorizationImportChange', { description: 'One object that an import changes.' })
@WithParent()
export class ImportChangeType implements ImportChange {
  @Field(() => ImportAction, { description: 'What happens to it.' })
  action!: ImportChange['action'];

  @Field(() => ImportKind, { description: 'What it is.' })
  kind!: ImportChange['kind'];

  @Field(() => ID, {
    nullable: true,
    description: 'Its id, or what the document calls it; null for the switches.',
  })
  id!: string | null;

  @Field(() => String, { nullable: true, description: 'Its name; for the switches, those that are turned.' })
  name!: string;
}

@ObjectType('ImportAuthorizationPayload', { description: 'What an import did, or would do.' })
@WithParent()
export class ImportAuthorizationPayload implements ImportReport {
  @Field(() => Boolean, { description: 'Whether it was a trial: then nothing is written.' })
  dryRun!: boolean;

  @Field(() => Int, { description: 'How many objects are new.' })
  created!: number;

  @Field(() => Int, { description: 'How many objects change.' })
  updated!: number;

  @Field(() => Int, { description: 'How many objects go.' })
  deleted!: number;

  @Field(() => [ImportChangeType], { nullable: true, description: 'The first 1,000 changes.' })
  changes!: readonly ImportChange[];
}

@InputType('ApplicationMoveInput', { description: 'An application that has another id here.' })
export class ApplicationMoveInput {
  @Field(() => String, { description: 'The id in the document.' })
  from!: string;

  @Field(() => String, { description: 'The id here.' })
  to!: string;
}

@InputType('ImportAuthorizationInput', {
  description: 'A document of the Authorization Extension, or of `exportAuthorization`.',
})
export class ImportAuthorizationInput {
  @Field(() => JsonScalar, {
    description: '`{configuration, groups, roles, permissions}`; other members are passed over.',
  })
  document!: unknown;

  @Field(() => AuthorizationImportMode, {
    defaultValue: AuthorizationImportMode.MERGE,
    description: 'What becomes of what the document does not hold.',
  })
  mode!: AuthorizationImportMode;

  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Try it: report and refuse as the import would, and write nothing.',
  })
  dryRun!: boolean;

  @Field(() => [ApplicationMoveInput], {
    nullable: true,
    description: 'Applications that have another id here; at most 1,000. The document stays as it is.',
  })
  applicationMap?: ApplicationMoveInput[] | null;
}
