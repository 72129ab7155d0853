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
