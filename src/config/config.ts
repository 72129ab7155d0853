import type { z } from 'zod';
import { accessSection, type AccessConfig } from './access';
import { myAccountSection, type MyAccountConfig } from './my-account';
import { attackProtectionSection, type AttackProtectionConfig } from './attack-protection';
import { accountsSection, type AccountsConfig } from './accounts';
import { databaseSection, type DatabaseConfig } from './database';
import { factorsSection, type FactorsConfig } from './factors';
import { delegationSection, type DelegationConfig } from './delegation';
import { generalSection } from './general';
import { graphqlSection, type GraphqlConfig } from './graphql';
import { groupsSection, type GroupsConfig } from './groups';
import { httpSection, type HttpConfig } from './http';
import { jobsSection, type JobsConfig } from './jobs';
import { loggingSection, type LoggingConfig } from './logging';
import { mailSection, type MailConfig } from './mail';
import { metadataSection, type MetadataConfig } from './metadata';
import { migrationSection, type MigrationConfig } from './migration';
import { organizationsSection, type OrganizationsConfig } from './organizations';
import { outboundSection, type OutboundConfig } from './outbound';
import { passwordsSection, type PasswordsConfig } from './passwords';
import { picturesSection, type PicturesConfig } from './pictures';
import { rolesSection, type RolesConfig } from './roles';
import { searchSection, type SearchConfig } from './search';
import { secretsSection, type SecretsConfig } from './secrets';
import { sessionsSection, type SessionsConfig } from './sessions';
import { transfersSection, type TransfersConfig } from './transfers';
import { settingFacts, type Profile, type SettingFacts } from './setting';

/** Everything an operator can set: complete, checked and frozen. Components receive their section as an argument. */
export interface Config {
  readonly profile: Profile;
  /** Whether the demo data set is loaded into an empty database. */
  readonly demoData: boolean;
  readonly http: HttpConfig;
  readonly graphql: GraphqlConfig;
  readonly database: DatabaseConfig;
  readonly access: AccessConfig;
  readonly sessions: SessionsConfig;
  readonly factors: FactorsConfig;
  readonly myAccount: MyAccountConfig;
  readonly passwords: PasswordsConfig;
  readonly accounts: AccountsConfig;
  readonly attackProtection: AttackProtectionConfig;
  readonly metadata: MetadataConfig;
  readonly roles: RolesConfig;
  readonly organizations: OrganizationsConfig;
  readonly groups: GroupsConfig;
  readonly delegation: DelegationConfig;
  readonly pictures: PicturesConfig;
  readonly search: SearchConfig;
  readonly jobs: JobsConfig;
  readonly transfers: TransfersConfig;
  readonly mail: MailConfig;
  readonly migration: MigrationConfig;
  readonly outbound: OutboundConfig;
  readonly logging: LoggingConfig;
  readonly secrets: SecretsConfig;
}

const sections = {
  http: httpSection,
  graphql: graphqlSection,
  database: databaseSection,
  access: accessSection,
  sessions: sessionsSection,
  factors: factorsSection,
  myAccount: myAccountSection,
  passwords: passwordsSection,
  accounts: accountsSection,
  attackProtection: attackProtectionSection,
  metadata: metadataSection,
  roles: rolesSection,
  organizations: organizationsSection,
  groups: groupsSection,
  delegation: delegationSection,
  pictures: picturesSection,
  search: searchSection,
  jobs: jobsSection,
  transfers: transfersSection,
  mail: mailSection,
  migration: migrationSection,
  outbound: outboundSection,
  logging: loggingSection,
  secrets: secretsSection,
};

/** One key of the configuration. */
export interface Setting extends SettingFacts {
  /** Section and key as the file nests them; the section is null for `profile` and `demoData`. */
  readonly section: string | null;
  readonly key: string;
  /** `http.port` */
  readonly path: string;
  /** `GATEHOUSE_PORT` */
  readonly environment: string;
  /** `port`, for `--port` */
  readonly flag: string;
  readonly schema: z.ZodType;
}

/** Every key, in the order of the reference page. */
export const settings: readonly Setting[] = [
  ...settingsOf(null, generalSection),
  ...Object.entries(sections).flatMap(([name, section]) => settingsOf(name, section)),
];

export const sectionNames: readonly string[] = Object.keys(sections);

function settingsOf(section: string | null, schema: z.ZodObject): Setting[] {
  return Object.entries(schema.shape as Record<string, z.ZodType>).map(([key, keySchema]) => {
    const facts = settingFacts.get(keySchema as never);
    if (!facts) throw new Error(`The configuration key ${section ?? ''}.${key} has no description.`);
    const path = section === null ? key : `${section}.${key}`;
    const environment = facts.environment ?? `GATEHOUSE_${upperSnake(path)}`;
    const flag = environment.slice('GATEHOUSE_'.length).toLowerCase().replaceAll('_', '-');
    return { ...facts, section, key, path, environment, flag, schema: keySchema };
  });
}

function upperSnake(path: string): string {
  return path
    .replaceAll('.', '_')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toUpperCase();
}
