import type { ObjectFacts } from '#src/access/decide';
import { factProperty, type FactColumns, type WantedColumns } from './fact-columns';
import { objectFactsByUser } from './object-facts.loader';
import { userFieldColumns, type UserRow } from '#src/features/users/user-row';
import { neededColumns } from '#src/graphql/needed-columns';
import type { RequestContext } from '#src/graphql/request-context';

type FactRow = Pick<UserRow, 'id' | 'connection'> & Partial<FactColumns>;

/** What the running operation takes of users, and whether its rules ask whose data they are. */
export function wantedColumns(context: RequestContext): WantedColumns {
  return {
    only: neededColumns(context, userFieldColumns),
    facts: context.judgesObjects ? context.gate.factKinds : [],
  };
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

const none: readonly never[] = [];

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
