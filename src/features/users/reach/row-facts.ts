import type { GraphQLResolveInfo } from 'graphql';
import type { ObjectFacts } from '#src/access/decide';
import type { FactKind } from '#src/access/decision-table';
import { factProperty, type FactColumns, type WantedColumns } from './fact-columns';
import { objectFactsByUser } from './object-facts.loader';
import { userFieldColumns, type UserRow } from '#src/features/users/user-row';
import { neededColumns } from '#src/graphql/needed-columns';
import { rowSelections } from '#src/graphql/prefetch';
import type { RequestContext } from '#src/graphql/request-context';
import { selectionOf } from '#src/graphql/selection';

const none: readonly never[] = [];

type FactRow = Pick<UserRow, 'id' | 'connection'> & Partial<FactColumns>;

/** What the running operation takes of users, and whether its rules ask whose data they are. */
export function wantedColumns(context: RequestContext): WantedColumns {
  return {
    only: neededColumns(context, userFieldColumns),
    facts: context.judgesObjects ? context.gate.factKinds : [],
  };
}

/**
 * The same for a connection of users. Connections that rules look at are known from the identities, where these are selected and therefore
 * read before any field is asked about; see `keepConnections`.
 */
export function wantedOfPage(context: RequestContext, info: GraphQLResolveInfo): WantedColumns {
  const wanted = wantedColumns(context);
  if (!asksConnectionsAlone(wanted.facts) || !context.gate.isOpen('User.identities')) return wanted;
  const places = rowSelections(selectionOf(info), 'UserConnection', 'User');
  return places.some((place) => place.has('User', 'identities')) ? { ...wanted, facts: [] } : wanted;
}

const asksConnectionsAlone = ([kind, ...others]: readonly FactKind[]): boolean =>
  kind === 'connections' && others.length === 0;

/** Puts the facts that identities tell where the gates ask for them. Each user's primary identity is of the user's own connection. */
export function keepConnections(
  context: RequestContext,
  userIds: readonly string[],
  identities: readonly (readonly { readonly connection: string }[])[],
): void {
  if (!context.judgesObjects || !asksConnectionsAlone(context.gate.factKinds)) return;
  const loader = context.load(objectFactsByUser);
  identities.forEach((own, index) => {
    const ownerId = userIds[index] as string;
    // SECURITY: what no identity tells is asked of the store; no facts would open what a rule denies.
    if (own.length === 0) return;
    const connections = own.map(({ connection }) => connection);
    loader.prime(ownerId, { ownerId, connections, strategies: none, organizations: none });
  });
}

/** Puts the facts that rows brought along where the gates ask for them, so that no statement of their own is sent. */
export function keepFacts(context: RequestContext, rows: readonly (UserRow | null)[]): void {
  const kinds = context.judgesObjects ? context.gate.factKinds : [];
  if (kinds.length === 0) return;
  const loader = context.load(objectFactsByUser);
  for (const row of rows as readonly (FactRow | null)[]) {
    if (row && kinds.every((kind) => row[factProperty[kind]] !== undefined))
      loader.prime(row.id, factsOfRow(row));
  }
}

function factsOfRow(row: FactRow): ObjectFacts {
  const { id, connection, factConnections = none, factIdentities = none, factOrganizations = none } = row;
  const connections = [connection];
  for (const [name] of factConnections) connections.push(name);
  for (const [name] of factIdentities) connections.push(name);
  return {
    ownerId: id,
    connections,
    strategies: factIdentities.length === 0 ? none : factIdentities.map(([, strategy]) => strategy),
    organizations:
      factOrganizations.length === 0 ? none : factOrganizations.map(([organization]) => organization),
  };
}
