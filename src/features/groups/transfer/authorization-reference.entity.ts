import { Entity } from 'typeorm';
import { textColumn } from '#src/storage/columns';

/** What an object was called in the document that it came from, so that an export names it so again. */
@Entity({ name: 'authorization_references' })
export class AuthorizationReferenceEntity {
  @textColumn({ primary: true })
  kind: string;

  @textColumn({ primary: true })
  objectId: string;

  @textColumn()
  reference: string;
}
