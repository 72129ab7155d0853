import { Entity } from 'typeorm';
import { idColumn, instantColumn } from '#src/storage/columns';

/** A user wants nobody to act in his name. */
@Entity({ name: 'support_refusals' })
export class SupportRefusalEntity {
  @idColumn()
  userId: string;

  @instantColumn()
  refusedAt: number;
}
