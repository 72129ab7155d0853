import { Entity } from 'typeorm';
import { idColumn, instantColumn, textColumn } from '#src/storage/columns';

/** A mail domain whose people sign in through a connection. It has no effect before the DNS has proven it. */
@Entity({ name: 'connection_domains' })
export class ConnectionDomainEntity {
  @idColumn()
  id: string;

  @textColumn()
  connectionId: string;

  /** In the ASCII form of internationalised names, in lower case; unique. */
  @textColumn()
  domain: string;

  /** What the DNS has to say for the domain to be proven. */
  @textColumn()
  verificationTxt: string;

  @instantColumn()
  createdAt: number;

  @instantColumn({ nullable: true })
  lastCheckedAt: number | null;

  @instantColumn({ nullable: true })
  verifiedAt: number | null;
}
