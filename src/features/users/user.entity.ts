import { Entity } from 'typeorm';
import {
  booleanColumn,
  idColumn,
  instantColumn,
  integerColumn,
  jsonColumn,
  textColumn,
} from '#src/storage/columns';

/** A profile. `…Folded` columns hold what case-insensitive search and order compare; `emailDomain` is folded too. */
@Entity({ name: 'users' })
export class UserEntity {
  @idColumn()
  id: string;

  /** Name of the primary identity's connection. */
  @textColumn()
  connection: string;

  @textColumn({ nullable: true })
  email: string | null;

  @textColumn({ nullable: true })
  emailFolded: string | null;

  @textColumn({ nullable: true })
  emailDomain: string | null;

  @booleanColumn({ nullable: true })
  emailVerified: boolean | null;

  @textColumn({ nullable: true })
  username: string | null;

  @textColumn({ nullable: true })
  phoneNumber: string | null;

  @booleanColumn({ nullable: true })
  phoneVerified: boolean | null;

  @textColumn({ nullable: true })
  name: string | null;

  @textColumn({ nullable: true })
  nameFolded: string | null;

  @textColumn({ nullable: true })
  givenName: string | null;

  @textColumn({ nullable: true })
  givenNameFolded: string | null;

  @textColumn({ nullable: true })
  familyName: string | null;

  @textColumn({ nullable: true })
  familyNameFolded: string | null;

  @textColumn({ nullable: true })
  nickname: string | null;

  @textColumn({ nullable: true })
  nicknameFolded: string | null;

  @textColumn({ nullable: true })
  picture: string | null;

  @booleanColumn()
  blocked: boolean;

  /** What the identity provider sent beyond the known attributes. */
  @jsonColumn({ nullable: true })
  attributes: Record<string, unknown> | null;

  /** Who gave each root attribute; selected only where it is asked for. Names and connections, never values. */
  @jsonColumn({ nullable: true })
  attributeSources: Record<string, unknown> | null;

  @instantColumn()
  createdAt: number;

  @instantColumn()
  updatedAt: number;

  @instantColumn({ nullable: true })
  lastLogin: number | null;

  @textColumn({ nullable: true })
  lastIp: string | null;

  @integerColumn({ nullable: true })
  loginsCount: number | null;

  @instantColumn({ nullable: true })
  lastPasswordReset: number | null;

  @jsonColumn({ nullable: true })
  multifactor: readonly string[] | null;

  @instantColumn({ nullable: true })
  multifactorLastModified: number | null;

  /** Raised when sessions and tokens made before must end. */
  @integerColumn()
  credentialEpoch: number;

  @integerColumn()
  version: number;
}
