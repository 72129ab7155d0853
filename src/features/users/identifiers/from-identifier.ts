import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { LoginIdentifierEntity } from '#src/features/users/identifiers/login-identifier.entity';
import { UserEntity } from '#src/features/users/user.entity';

/** An identifier, folded, and the connection in which it names somebody. */
export interface IdentifierParameters {
  readonly connection: string;
  readonly value: string;
}

/**
 * The user `u` whom `IdentifierParameters` name, first of the rows. An e-mail address wins over a username of the same spelling, as the
 * names of the kinds sort.
 */
export function fromIdentifier(
  builder: SelectQueryBuilder<ObjectLiteral>,
): SelectQueryBuilder<ObjectLiteral> {
  return builder
    .from(LoginIdentifierEntity, 'i')
    .innerJoin(UserEntity, 'u', 'u.id = i.userId')
    .where('i.connection = :connection')
    .andWhere("i.kind IN ('email', 'phone', 'username')")
    .andWhere('i.value = :value')
    .orderBy('i.kind', 'ASC');
}
