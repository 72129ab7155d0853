import { Entity } from 'typeorm';
import { numberColumn, textColumn } from '#src/storage/columns';

/**
 * One searchable value inside a user's metadata. The path is dotted, without array indexes, and at most 512 bytes long in UTF-8;
 * values under longer paths are not searchable. `textValue` holds the first 256 code points of a text, so that an index entry
 * stays small; a longer text also has `textHash`, the hexadecimal SHA-256 of the whole. Equality with a long text compares both.
 * A row may occur several times, once for each member of an array with the value.
 */
@Entity({ name: 'metadata_leaves' })
export class MetadataLeafEntity {
  @textColumn({ primary: true })
  userId: string;

  @textColumn({ primary: true })
  store: 'user' | 'app';

  @textColumn({ primary: true })
  path: string;

  @textColumn()
  kind: 'text' | 'number' | 'boolean';

  @textColumn({ nullable: true })
  textValue: string | null;

  @textColumn({ nullable: true })
  textHash: string | null;

  /** The number, or 0 and 1 for false and true. */
  @numberColumn({ nullable: true })
  numberValue: number | null;
}
