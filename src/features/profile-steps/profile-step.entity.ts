import { Entity } from 'typeorm';
import { booleanColumn, instantColumn, integerColumn, jsonColumn, textColumn } from '#src/storage/columns';

/** Something that users are asked for after they signed up. */
@Entity({ name: 'profile_steps' })
export class ProfileStepEntity {
  @textColumn({ primary: true })
  key: string;

  /** Canonical path: a root attribute such as `given_name`, or one below `user_metadata`. */
  @textColumn()
  attribute: string;

  @textColumn()
  label: string;

  @textColumn({ nullable: true })
  description: string | null;

  @textColumn()
  kind: 'TEXT' | 'NUMBER' | 'BOOLEAN' | 'DATE' | 'JSON';

  @booleanColumn()
  required: boolean;

  @booleanColumn()
  enabled: boolean;

  @integerColumn()
  askAfterLogins: number;

  @integerColumn()
  askAfterDays: number;

  @integerColumn()
  snoozeDays: number;

  /** Only users with one of these roles are asked; empty: all. */
  @jsonColumn()
  roleIds: readonly string[];

  /** Only members of one of these organizations are asked; empty: all. */
  @jsonColumn()
  organizationIds: readonly string[];

  /** Only through one of these applications is anybody asked; empty: through all, and by a session of the gateway itself. */
  @jsonColumn()
  applicationIds: readonly string[];

  @integerColumn()
  position: number;

  /** A JSON Schema that the value has to meet. */
  @jsonColumn({ nullable: true })
  validator: Record<string, unknown> | null;

  @integerColumn()
  version: number;

  @textColumn()
  createdBy: string;

  @instantColumn()
  createdAt: number;

  @instantColumn()
  updatedAt: number;
}
