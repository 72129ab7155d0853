import type {
  grantColumns,
  HeldGrants,
} from '#src/features/organizations/effective-permissions/gateway-grants.repository';
import { UserEntity } from '#src/features/users/user.entity';
import { column, columnsOf, expression } from '#src/storage/columns';
import type { Read, RowOf, SelectedColumn, Store } from '#src/storage/store';
import { OwnJoins, type FoundCaller } from '#src/features/sessions/callers/own-joins';
import type { OwnRead } from '#src/graphql/own-user';
import { SessionEntity } from '#src/features/sessions/session.entity';

const sessionMembers = columnsOf(SessionEntity, 's', [
  'userId',
  'status',
  'createdAt',
  'authenticatedAt',
  'lastInteractedAt',
  'idleExpiresAt',
  'expiresAt',
  'assurance',
  'authenticationMethods',
  'actor',
  'cookieMode',
  'organizationId',
]);

const userMembers = {
  isBlocked: column(UserEntity, 'u', 'blocked'),
  userEpoch: column(UserEntity, 'u', 'credentialEpoch'),
};

/** What decides whether a session still speaks for its user. */
export interface SessionState extends RowOf<typeof sessionMembers> {
  readonly sessionId: string;
  readonly sessionEpoch: number;
}

interface UserState {
  readonly isBlocked: boolean;
  readonly userEpoch: number;
}

/** The holder of a session cookie. */
export type CookieCaller = SessionState & UserState & HeldGrants & { readonly hasOrganization: boolean };

type Absent<Row> = { readonly [property in keyof Row]: Row[property] | null };

/** The user that a token speaks for; the members of the session are null where the token has none or it is gone. */
export type TokenCaller = Absent<Omit<SessionState, 'userId' | 'organizationId'>> &
  UserState &
  HeldGrants & {
    readonly hasOrganization: boolean;
    readonly hasFamily: boolean;
    readonly hasApplication: boolean;
  };

export interface TokenKey {
  readonly userId: string;
  readonly sessionId: string | null;
  readonly familyId: string | null;
  readonly organizationId: string | null;
  /** The name that the organization must have; null: any. */
  readonly organizationName: string | null;
  /** The application that got the token; null: none that is registered. */
  readonly applicationId: string | null;
}

/**
 * The two reads by which callers are recognised: each says in one statement who it is, whether that still holds, and what the user holds;
 * with `ownRead`, what that takes of the user too.
 */
export interface CallerReads {
  bySecret(
    store: Store,
    secretHash: string,
    ownRead: OwnRead | null,
  ): Promise<FoundCaller<CookieCaller> | null>;
  byToken(store: Store, key: TokenKey, ownRead: OwnRead | null): Promise<FoundCaller<TokenCaller> | null>;
}

const identified = {
  sessionId: column(SessionEntity, 's', 'id'),
  sessionEpoch: column(SessionEntity, 's', 'credentialEpoch'),
};

/** `grants` says what a user holds, as members of a selection. */
export function callerReads(grants: typeof grantColumns): CallerReads {
  const bySecret: Read<{ secretHash: string }, CookieCaller> = {
    name: 'caller_by_session_secret',
    isGathered: true,
    build: (builder) =>
      builder
        .from(SessionEntity, 's')
        .innerJoin(UserEntity, 'u', 'u.id = s.userId')
        .where('s.secretHash = :secretHash'),
    select: {
      ...sessionMembers,
      ...identified,
      ...userMembers,
      hasOrganization: standing('"s"."organization_id"'),
      ...grants({ user: '"u"."id"', organization: '"s"."organization_id"' }),
    },
  };
  const { userId: _user, organizationId: _organization, ...joined } = sessionMembers;
  const byToken: Read<TokenKey, TokenCaller> = {
    name: 'caller_by_token',
    isGathered: true,
    build: (builder) =>
      builder
        .from(UserEntity, 'u')
        .leftJoin(SessionEntity, 's', 's.id = :sessionId AND s.userId = u.id')
        .where('u.id = :userId'),
    select: {
      ...(joined as AbsentColumns<typeof joined>),
      ...(identified as AbsentColumns<typeof identified>),
      ...userMembers,
      hasFamily: expression<boolean>(
        `(CAST( :familyId AS text) IS NULL OR EXISTS (
          SELECT 1 FROM "refresh_families" "f" WHERE "f"."id" = CAST( :familyId AS text) AND "f"."user_id" = "u"."id"
            AND "f"."revoked_at" IS NULL AND "f"."credential_epoch" >= "u"."credential_epoch"))`,
        'boolean',
      ),
      hasApplication: expression<boolean>(
        `(CAST( :applicationId AS text) IS NULL OR EXISTS (
          SELECT 1 FROM "applications" "a" WHERE "a"."id" = CAST( :applicationId AS text) AND "a"."is_enabled"))`,
        'boolean',
      ),
      hasOrganization: expression<boolean>(
        `(CAST( :organizationId AS text) IS NULL OR EXISTS (
          SELECT 1 FROM "organizations" "o" WHERE "o"."id" = CAST( :organizationId AS text)
            AND (CAST( :organizationName AS text) IS NULL OR "o"."name" = CAST( :organizationName AS text))))`,
        'boolean',
      ),
      ...grants({ user: '"u"."id"', organization: ':organizationId' }),
    },
  };
  const [secretJoins, tokenJoins] = [new OwnJoins(bySecret), new OwnJoins(byToken)];
  return {
    bySecret: (store, secretHash, ownRead) => secretJoins.find(store, { secretHash }, ownRead),
    byToken: (store, key, ownRead) => tokenJoins.find(store, key, ownRead),
  };
}

/** Whether the organization stands, or none is meant. */
function standing(id: string): SelectedColumn<boolean> {
  // A parameter that may be null has no type of its own; the cast gives it one.
  const organization = `CAST( ${id} AS text)`;
  return expression<boolean>(
    `(${organization} IS NULL OR EXISTS (SELECT 1 FROM "organizations" "o" WHERE "o"."id" = ${organization}))`,
    'boolean',
  );
}

/** Columns of a table that a LEFT JOIN may not find. */
type AbsentColumns<Columns> = {
  readonly [property in keyof Columns]: Columns[property] extends SelectedColumn<infer Value>
    ? SelectedColumn<Value | null>
    : never;
};
