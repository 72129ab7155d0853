import { Entity } from 'typeorm';
import {
  idColumn,
  instantColumn,
  integerColumn,
  jsonColumn,
  secretColumn,
  textColumn,
  type SecretText,
} from '#src/storage/columns';

/** A sign-in that waits for something after its first factor. */
@Entity({ name: 'sign_in_transactions' })
export class SignInTransactionEntity {
  @idColumn()
  id: string;

  /** SHA-256 of the token, in hexadecimal digits. */
  @secretColumn()
  tokenHash: SecretText;

  /** `mfa`, `password-change`, `organization` or `redirect`. */
  @textColumn()
  kind: string;

  @textColumn()
  userId: string;

  /** The user's epoch when the first factor was checked. */
  @integerColumn()
  credentialEpoch: number;

  @jsonColumn()
  methods: readonly unknown[];

  @textColumn({ nullable: true })
  organizationId: string | null;

  @textColumn({ nullable: true })
  clientId: string | null;

  @textColumn()
  cookieMode: string;

  @jsonColumn()
  factors: readonly string[];

  /** The tokens that the application asked for: ACCESS, ONLINE or OFFLINE; null: a cookie. */
  @textColumn({ nullable: true })
  tokenUse: string | null;

  /** The anonymous session that the new one takes over. */
  @textColumn({ nullable: true })
  anonymousSessionId: string | null;

  /** Names of the pages elsewhere that were visited. */
  @jsonColumn()
  passedSteps: readonly string[];

  @instantColumn()
  createdAt: number;

  @instantColumn()
  expiresAt: number;

  @instantColumn({ nullable: true })
  consumedAt: number | null;
}
