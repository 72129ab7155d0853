import { Entity } from 'typeorm';
import { idColumn, instantColumn, textColumn } from '#src/storage/columns';

/** What an application, a connection or an organization asks of second factors; without a row it asks for nothing. */
@Entity({ name: 'mfa_policies' })
export class MfaPolicyEntity {
  /** The one of the three that is set. */
  @idColumn()
  subjectId: string;

  @textColumn({ nullable: true })
  applicationId: string | null;

  @textColumn({ nullable: true })
  connectionId: string | null;

  @textColumn({ nullable: true })
  organizationId: string | null;

  @textColumn()
  policy: string;

  @instantColumn()
  updatedAt: number;
}
