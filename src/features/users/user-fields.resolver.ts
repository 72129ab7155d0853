import { Arg, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { Attribute, Auth } from '#src/access/decorators';
import { connectionByName } from '#src/features/connections/connection.loader';
import type { ConnectionRow } from '#src/features/connections/connection.repository';
import type { ObjectFacts } from '#src/access/decide';
import { mayReadOf } from '#src/features/users/profile/computed-inputs';
import {
  generatePicture,
  pictureInputs,
  type PictureInputs,
  settingsFor,
  type PictureSettings,
} from '#src/features/users/pictures/picture';
import { nameInputsOf } from '#src/features/users/profile/name-inputs';
import { defaultName, defaultNickname } from '#src/features/users/profile/profile-defaults';
import { readableAttributes } from '#src/features/users/profile/readable-attributes';
import type { UserRow } from './user-row';
import { UserType } from './user.type';
import type { RequestContext } from '#src/graphql/request-context';
import { JsonScalar } from '#src/graphql/scalars';

type Maybe<Value> = Value | null | Promise<Value | null>;

/** The fields of User that are not a column: each is made of its inputs only as far as the caller may read them. */
@Resolver(() => UserType)
export class UserFieldsResolver {
  constructor(private readonly pictures: PictureSettings) {}

  @FieldResolver(() => String, { nullable: true })
  name(@Root() user: UserRow, @Ctx() context: RequestContext): Maybe<string> {
    return user.name ?? mayReadOf(context, user, (mayRead) => defaultName(nameInputsOf(user), mayRead));
  }

  @FieldResolver(() => String, { nullable: true })
  nickname(@Root() user: UserRow, @Ctx() context: RequestContext): Maybe<string> {
    return user.nickname ?? mayReadOf(context, user, (mayRead) => defaultNickname(user, mayRead));
  }

  @FieldResolver(() => String, { nullable: true })
  picture(@Root() user: UserRow, @Ctx() context: RequestContext): Maybe<string> {
    if (user.picture !== null) return user.picture;
    const inputs = mayReadOf(context, user, (mayRead) => pictureInputs(user, mayRead));
    return inputs instanceof Promise
      ? inputs.then((known) => this.made(user, context, known))
      : this.made(user, context, inputs);
  }

  private made(user: UserRow, context: RequestContext, inputs: PictureInputs): Maybe<string> {
    const madeFor = (connection: ConnectionRow | null): string =>
      generatePicture(inputs, settingsFor(this.pictures, connection)).url;
    // SECURITY: only for an address that the caller may read has the connection something to say: one statement more for a hidden
    // address would tell that it is there.
    if (inputs.email === null || inputs.email === undefined) return madeFor(null);
    const connection = context.load(connectionByName).load(user.connection);
    return connection instanceof Promise ? connection.then(madeFor) : madeFor(connection);
  }

  @Auth({ permissions: [['read:users']], orSelf: true })
  @Attribute('multifactor')
  @FieldResolver(() => [String], { nullable: true, description: 'Names of the enrolled second factors.' })
  multifactor(@Root() user: UserRow): readonly string[] {
    return Array.isArray(user.multifactor) ? (user.multifactor as string[]) : [];
  }

  @Auth({ permissions: [['read:users']], orSelf: true })
  @Attribute('attributes')
  @FieldResolver(() => JsonScalar, {
    nullable: true,
    description:
      'Attributes of the identity provider that have no field of their own, without blacklisted ones.',
  })
  attributes(
    @Root() user: UserRow,
    @Ctx() context: RequestContext,
    @Arg('names', () => [String], { nullable: true, description: 'Only these.' })
    names: readonly string[] | null,
  ): unknown {
    if (user.attributes === null || typeof user.attributes !== 'object') return null;
    const facts = context.gate.factsOf(user.id, null);
    return facts instanceof Promise
      ? facts.then((known) => namedAttributes(context, user.attributes as object, known, names))
      : namedAttributes(context, user.attributes, facts, names);
  }
}

function namedAttributes(
  context: RequestContext,
  attributes: object,
  facts: ObjectFacts,
  names: readonly string[] | null | undefined,
): unknown {
  const readable = readableAttributes(context, 'attributes', attributes, facts);
  if (!names) return readable;
  return Object.fromEntries(Object.entries(readable).filter(([name]) => names.includes(name)));
}
