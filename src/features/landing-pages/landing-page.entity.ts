import { Entity } from 'typeorm';
import { idColumn, instantColumn, jsonColumn, textColumn } from '#src/storage/columns';

/** What a landing page gets of visitors. One without a row has the defaults. */
@Entity({ name: 'landing_pages' })
export class LandingPageEntity {
  @idColumn()
  applicationId: string;

  @jsonColumn()
  returnedAttributes: readonly string[];

  /** CAPTURE_ONLY or CREATE_USER. */
  @textColumn()
  storage: string;

  /** The text that visitors agree to, by the operator's own name; null: none is asked for. */
  @textColumn({ nullable: true })
  consentTextId: string | null;

  @instantColumn()
  updatedAt: number;
}
