import { Field, Int, ObjectType } from 'type-graphql';
import { Auth } from '#src/access/decorators';
import type { ConnectionRow } from './connection.repository';
import { connectionType } from '#src/graphql/connection';
import { NodeType } from '#src/graphql/node';
import { DateTimeScalar } from '#src/graphql/scalars';
import type { Instant } from '#src/shared/clock';

const readConnections = () => Auth({ permissions: [['read:connections']] });

/** Settings of a connection are fields that a later feature adds: see `providers`. */
@ObjectType('Connection', {
  implements: NodeType,
  description: 'A place where users come from: a database with passwords, a social provider, a directory.',
})
export class ConnectionType extends NodeType implements Omit<ConnectionRow, 'options'> {
  @readConnections()
  @Field(() => String, { nullable: true, description: 'Unique and immutable; users and identities name it.' })
  name!: string;

  @readConnections()
  @Field(() => String, {
    nullable: true,
    description: 'Kind of source: `auth0` is a database, `google-oauth2`, `samlp` and others.',
  })
  strategy!: string;

  @readConnections()
  @Field(() => String, { nullable: true, description: 'Name to show to people.' })
  displayName!: string | null;

  @readConnections()
  @Field(() => Boolean, { nullable: true, description: 'Whether users can come from here at the moment.' })
  isEnabled!: boolean;

  @readConnections()
  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'Since when it is being deleted with its users; null: it is not.',
  })
  deletingAt!: Instant | null;

  @readConnections()
  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was made.' })
  createdAt!: Instant;

  @readConnections()
  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was last changed.' })
  updatedAt!: Instant;

  @readConnections()
  @Field(() => Int, {
    nullable: true,
    description: 'Raised with every change of the settings, for `ifVersion`.',
  })
  version!: number;
}

export const ConnectionConnectionType = connectionType(ConnectionType, 'Connection');
