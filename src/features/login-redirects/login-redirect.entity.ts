import { Entity } from 'typeorm';
import { booleanColumn, instantColumn, integerColumn, jsonColumn, textColumn } from '#src/storage/columns';

/** A page elsewhere that people visit in the middle of their sign-in. */
@Entity({ name: 'login_redirects' })
export class LoginRedirectEntity {
  @textColumn({ primary: true })
  name: string;

  @textColumn()
  url: string;

  /** Only sign-ins to one of these applications; empty: all. */
  @jsonColumn()
  applicationIds: readonly string[];

  /** Only sign-ins that one of these connections proved, by name; empty: all. */
  @jsonColumn()
  connections: readonly string[];

  /** All of them have to hold. */
  @jsonColumn()
  conditions: readonly {
    readonly attribute: string;
    readonly operator: string;
    readonly value: unknown;
  }[];

  /** Attributes that the page is told. */
  @jsonColumn()
  payload: readonly string[];

  /** `TOKEN`, `CONDITIONS` or `NONE`: what says that the person has done what the page asks for. */
  @textColumn()
  proof: string;

  @booleanColumn()
  recordsMethod: boolean;

  @integerColumn()
  tokenSeconds: number;

  @integerColumn()
  position: number;

  @booleanColumn()
  isEnabled: boolean;

  @integerColumn()
  version: number;

  @instantColumn()
  createdAt: number;

  @instantColumn()
  updatedAt: number;
}
