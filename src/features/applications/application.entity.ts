import { Entity } from 'typeorm';
import {
  booleanColumn,
  idColumn,
  instantColumn,
  integerColumn,
  jsonColumn,
  textColumn,
} from '#src/storage/columns';

/** A program that signs people in or calls by itself: what OAuth names a client. Its id is the `client_id`. */
@Entity({ name: 'applications' })
export class ApplicationEntity {
  @idColumn()
  id: string;

  @textColumn()
  name: string;

  @textColumn({ nullable: true })
  description: string | null;

  /** SINGLE_PAGE, NATIVE, REGULAR_WEB, MACHINE or LANDING_PAGE. */
  @textColumn()
  type: string;

  @booleanColumn()
  isEnabled: boolean;

  @booleanColumn()
  isFirstParty: boolean;

  @booleanColumn()
  devMode: boolean;

  @jsonColumn()
  callbacks: readonly string[];

  @jsonColumn()
  allowedLogoutUrls: readonly string[];

  @jsonColumn()
  allowedWebOrigins: readonly string[];

  @jsonColumn()
  allowedEmbedOrigins: readonly string[];

  @textColumn({ nullable: true })
  initiateLoginUri: string | null;

  @textColumn({ nullable: true })
  defaultRedirectUri: string | null;

  /** DENY, ALLOW or REQUIRE: signing in within an organization. */
  @textColumn()
  organizationUsage: string;

  /** NO_PROMPT, PRE_LOGIN_PROMPT or POST_LOGIN_PROMPT. */
  @textColumn()
  organizationRequireBehavior: string;

  /** EMAIL, ORGANIZATION_NAME: how a prompt before the sign-in finds the organization. */
  @jsonColumn()
  organizationDiscoveryMethods: readonly string[];

  /** For a machine: the organization of its tokens where it names none. */
  @textColumn({ nullable: true })
  defaultOrganizationId: string | null;

  /** For a machine: whether its tokens may be for organizations that were not granted it. */
  @booleanColumn()
  allowAnyOrganization: boolean;

  @booleanColumn()
  allowDelegatedAccess: boolean;

  @jsonColumn()
  metadata: Readonly<Record<string, string>>;

  @instantColumn()
  createdAt: number;

  @instantColumn()
  updatedAt: number;

  @integerColumn()
  version: number;
}
