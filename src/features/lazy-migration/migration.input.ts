import { Field, ID, InputType, Int, registerEnumType } from 'type-graphql';
import { Auth } from '#src/access/decorators';
import type { SourceWrite } from '#src/features/lazy-migration/sources/migration-source';
import { SourceWriteEnum } from './migration.type';

const AuthenticationKindEnum = { BEARER: 'BEARER', BASIC: 'BASIC', HMAC: 'HMAC' } as const;
registerEnumType(AuthenticationKindEnum, {
  name: 'SourceAuthenticationKind',
  description: 'How a migration source knows that this gateway calls.',
  valuesConfig: {
    BEARER: { description: '`Authorization: Bearer <secret>`.' },
    BASIC: { description: '`Authorization: Basic`, with `username` and the secret as password.' },
    HMAC: {
      description:
        '`Gatehouse-Signature: t=<seconds>,v1=<hex>`, the HMAC-SHA256 of time, method, path and body, one line each.',
    },
  },
});

@InputType('SourceAuthenticationInput', { description: 'The credential of this gateway at a source.' })
export class SourceAuthenticationInput {
  @Field(() => AuthenticationKindEnum, { description: 'Kind of credential.' })
  kind!: 'BEARER' | 'BASIC' | 'HMAC';

  @Auth()
  @Field(() => String, { nullable: true, description: 'For BASIC alone; at most 255 characters.' })
  username?: string | null;

  @Auth()
  @Field(() => String, {
    description:
      'Token, password or key: at most 4,096 characters, for HMAC at least 32. Sealed at once and never shown again.',
  })
  secret!: string;
}

@InputType('HttpSourceInput', { description: 'A source that answers over HTTP.' })
export class HttpSourceInput {
  @Field(() => String, {
    description:
      'https URL without credentials and query, at most 2,048 characters; http in networks that the operator allows.',
  })
  url!: string;

  @Field(() => SourceAuthenticationInput, {
    nullable: true,
    description: 'Absent: the source asks for none.',
  })
  authentication?: SourceAuthenticationInput | null;
}

@InputType('SqlSourceInput', { description: 'A source that is a database.' })
export class SqlSourceInput {
  @Field(() => String, {
    description: 'Name of a database that the operator configured in `migration.databases`.',
  })
  database!: string;

  @Field(() => String, {
    description:
      'One SELECT of at most 10,000 characters, with :identifier where the typed identifier belongs. Columns are named like attributes.',
  })
  query!: string;

  @Field(() => String, {
    nullable: true,
    description: 'The column with the hash, in a form that says what made it; default `password_hash`.',
  })
  hashColumn?: string | null;
}

@InputType('ScriptSettingInput', { description: 'A member of `configuration` of a script.' })
export class ScriptSettingInput {
  @Field(() => String, { description: 'Letters, digits and `_`, at most 64 characters.' })
  name!: string;

  @Auth()
  @Field(() => String, { description: 'At most 4,096 characters. Sealed at once and never shown again.' })
  value!: string;
}

@InputType('ScriptSourceInput', { description: 'A source that is a script of the operator.' })
export class ScriptSourceInput {
  @Field(() => String, {
    description: 'Name of a file that the operator configured in `migration.scripts`.',
  })
  script!: string;

  @Field(() => [String], {
    nullable: true,
    description:
      'Host names, with a port where it is not the usual one, that its `fetch` may call; at most 20, none by default.',
  })
  hosts?: string[] | null;

  @Field(() => [ScriptSettingInput], { nullable: true, description: 'What it finds as `configuration`.' })
  configuration?: ScriptSettingInput[] | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether its functions take `context`, with the organization of a sign-in, before the callback; false by default.',
  })
  passContext?: boolean | null;
}

@InputType('OktaSourceInput', { description: 'Okta as source.' })
export class OktaSourceInput {
  @Field(() => String, {
    description: 'URL of the organization at Okta, such as `https://example.okta.com`.',
  })
  url!: string;

  @Auth()
  @Field(() => String, {
    description:
      'API token that may read users, at most 4,096 characters. Sealed at once and never shown again.',
  })
  token!: string;
}

@InputType('CognitoSourceInput', { description: 'A user pool of Amazon Cognito as source.' })
export class CognitoSourceInput {
  @Field(() => String, { description: 'Region of the pool, such as `eu-west-1`.' })
  region!: string;

  @Field(() => String, { description: 'Id of the pool.' })
  userPoolId!: string;

  @Field(() => String, { description: 'Id of an app client that allows `USER_PASSWORD_AUTH`.' })
  clientId!: string;

  @Auth()
  @Field(() => String, { nullable: true, description: 'Its secret, where it has one. Sealed.' })
  clientSecret?: string | null;

  @Field(() => String, { description: 'Id of an IAM key that may call `AdminGetUser`.' })
  accessKeyId!: string;

  @Auth()
  @Field(() => String, { description: 'The secret of that key. Sealed.' })
  secretAccessKey!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Where the service is called; absent: at the public address of the region.',
  })
  url?: string | null;
}

@InputType('SetMigrationSourceInput', {
  description: 'The source of a connection: exactly one of http, webhook, sql, script, okta and cognito.',
})
export class SetMigrationSourceInput {
  @Field(() => ID, { description: 'Id or name of a connection with passwords.' })
  connectionId!: string;

  @Field(() => HttpSourceInput, {
    nullable: true,
    description:
      '`GET url/<identifier>` answers the profile or 404, `POST url/<identifier>` checks the password.',
  })
  http?: HttpSourceInput | null;

  @Field(() => HttpSourceInput, { nullable: true, description: '`POST url` asks both questions.' })
  webhook?: HttpSourceInput | null;

  @Field(() => SqlSourceInput, { nullable: true, description: 'A query of a configured database.' })
  sql?: SqlSourceInput | null;

  @Field(() => ScriptSourceInput, {
    nullable: true,
    description: 'A script with `login` and `get_user`, run in a process of its own.',
  })
  script?: ScriptSourceInput | null;

  @Field(() => OktaSourceInput, { nullable: true, description: 'An organization at Okta.' })
  okta?: OktaSourceInput | null;

  @Field(() => CognitoSourceInput, { nullable: true, description: 'A user pool of Amazon Cognito.' })
  cognito?: CognitoSourceInput | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether it is asked; true by default.' })
  isEnabled?: boolean | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Milliseconds that it may take to answer, 100 to 10,000; absent: `migration.timeoutMs`.',
  })
  timeoutMs?: number | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether user ids get the connection’s name in front of the id at the source; true by default.',
  })
  prefixIds?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether users who were deleted here may come back from the source; false by default.',
  })
  allowReimport?: boolean | null;

  @Field(() => [SourceWriteEnum], {
    nullable: true,
    description: 'Which changes here a webhook or a script is told of; none by default.',
  })
  writeBack?: SourceWrite[] | null;
}

@InputType('TestMigrationSourceInput', { description: 'A question to the source, without consequences.' })
export class TestMigrationSourceInput {
  @Field(() => ID, { description: 'Id or name of the connection.' })
  connectionId!: string;

  @Field(() => String, { description: 'What a person would type; at most 320 characters.' })
  identifier!: string;

  @Auth()
  @Field(() => String, {
    nullable: true,
    description: 'The password to check; absent: the person is looked up.',
  })
  password?: string | null;
}

@InputType('FinishMigrationInput', { description: 'The end of a move.' })
export class FinishMigrationInput {
  @Field(() => ID, { description: 'Id or name of the connection.' })
  connectionId!: string;
}

@InputType('SetImportModeInput', { description: 'Where the passwords of a connection are kept.' })
export class SetImportModeInput {
  @Field(() => ID, { description: 'Id or name of the connection.' })
  connectionId!: string;

  @Field(() => Boolean, {
    description:
      'True: here, from the first sign-in on. False: at the source alone, which is asked at every sign-in; passwords that are here do not count.',
  })
  isOn!: boolean;
}
