import { Entity } from 'typeorm';
import { booleanColumn, idColumn, instantColumn, jsonColumn, textColumn } from '#src/storage/columns';

/** What an application wants of sessions. One without a row has the defaults: it is told nothing and has no visitors. */
@Entity({ name: 'application_session_settings' })
export class ApplicationSessionSettingsEntity {
  @idColumn()
  applicationId: string;

  @textColumn({ nullable: true })
  backchannelLogoutUri: string | null;

  /** The causes of which the application is told. */
  @jsonColumn()
  backchannelInitiators: readonly string[];

  @booleanColumn()
  includeSessionMetadata: boolean;

  @booleanColumn()
  allowAnonymousSessions: boolean;

  @jsonColumn()
  anonymousPermissions: readonly string[];

  /** Whether people are asked before they are signed out whom it, or any page in its name, sends to do so. */
  @booleanColumn()
  requireLogoutConfirmation: boolean;

  @instantColumn()
  updatedAt: number;
}
