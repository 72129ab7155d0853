import { Entity } from 'typeorm';
import {
  booleanColumn,
  idColumn,
  instantColumn,
  secretColumn,
  textColumn,
  type SecretText,
} from '#src/storage/columns';

/** A visitor of a landing page who gives their profile; used up by fetching it, and over after five minutes. */
@Entity({ name: 'landing_page_flows' })
export class LandingPageFlowEntity {
  @idColumn()
  id: string;

  /** SHA-256 of the handle that page, popup and gateway share. */
  @secretColumn()
  handleHash: SecretText;

  @textColumn()
  applicationId: string;

  @textColumn()
  connectionId: string;

  /** The page's origin, listed when it began. */
  @textColumn()
  origin: string;

  /** `popup` or `redirect`. */
  @textColumn()
  mode: string;

  /** Where a redirect leads back to: a callback of the application. */
  @textColumn({ nullable: true })
  pageUrl: string | null;

  /** SHA-256 of the verifier that the page keeps (RFC 7636, S256). */
  @textColumn()
  challenge: string;

  /** The text that the visitor agreed to. */
  @textColumn({ nullable: true })
  consentTextId: string | null;

  /** SHA-256 of the `state` that the provider sends back. */
  @secretColumn({ nullable: true })
  stateHash: SecretText | null;

  /** SHA-256 of the cookie of the browser that went to the provider. */
  @secretColumn({ nullable: true })
  bindingHash: SecretText | null;

  /** State, nonce, code verifier and handle, sealed for this row. */
  @textColumn({ nullable: true })
  sealedChecks: string | null;

  /** Whether the visitor was seen to come from the page itself. */
  @booleanColumn({ nullable: true })
  pageIsProven: boolean | null;

  @instantColumn({ nullable: true })
  answeredAt: number | null;

  /** Code of the error, when the provider's answer could not be used. */
  @textColumn({ nullable: true })
  failure: string | null;

  /** The profile until it is fetched, sealed for this row. */
  @textColumn({ nullable: true })
  sealedAnswer: string | null;

  /** SHA-256 of the code that the popup hands to the page. */
  @textColumn({ nullable: true })
  codeHash: string | null;

  @instantColumn({ nullable: true })
  takenAt: number | null;

  @instantColumn()
  createdAt: number;

  @instantColumn()
  expiresAt: number;
}
