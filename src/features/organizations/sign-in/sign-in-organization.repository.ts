import { ConnectionEntity } from '#src/features/connections/connection.entity';
import { OrganizationApplicationEntity } from '#src/features/organizations/applications/organization-application.entity';
import { OrganizationConnectionEntity } from '#src/features/organizations/connections/organization-connection.entity';
import { MembershipEntity } from '#src/features/organizations/membership.entity';
import { OrganizationEntity } from '#src/features/organizations/organization.entity';
import { shownColumns } from '#src/features/organizations/organization.repository';
import { columnsOf } from '#src/storage/columns';
import type { Read, RowOf, Store } from '#src/storage/store';

const shown = columnsOf(OrganizationEntity, 'o', shownColumns);

/** What a sign-in page shows of an organization. */
export type SignInOrganizationRow = RowOf<typeof shown>;

export interface ChoiceKey {
  readonly userId: string;
  /** Name of the connection that proved the user. */
  readonly connection: string;
  readonly applicationId: string;
  readonly isFirstParty: boolean;
  readonly limit: number;
}

const choices: Read<ChoiceKey, SignInOrganizationRow> = {
  name: 'organizations_to_sign_in_to',
  build: (builder) =>
    builder
      .from(MembershipEntity, 'm')
      .innerJoin(OrganizationEntity, 'o', 'o.id = m.organizationId')
      .innerJoin(OrganizationConnectionEntity, 'l', 'l.organizationId = o.id AND l.isEnabled = TRUE')
      .innerJoin(
        ConnectionEntity,
        'c',
        'c.id = l.connectionId AND c.name = :connection AND c.isEnabled = TRUE',
      )
      .leftJoin(
        OrganizationApplicationEntity,
        'g',
        'g.organizationId = o.id AND g.applicationId = :applicationId',
      )
      .where('m.userId = :userId')
      .andWhere('(o.appEntitlementActive = FALSE OR g.applicationId IS NOT NULL)')
      .andWhere("(:isFirstParty OR o.thirdPartyClientAccess = 'ALLOW')")
      .orderBy('m.joinedAt')
      .addOrderBy('m.id'),
  select: shown,
  limit: 'limit',
};

/** The organizations of a user that it may enter by this connection through this application, those joined first. */
export function findChoices(store: Store, key: ChoiceKey): Promise<SignInOrganizationRow[]> {
  return store.read(choices, key);
}

const byName: Read<{ readonly name: string }, SignInOrganizationRow> = {
  name: 'organization_to_sign_in_to_by_name',
  build: (builder) => builder.from(OrganizationEntity, 'o').where('o.name = :name'),
  select: shown,
};

export async function findByName(store: Store, name: string): Promise<SignInOrganizationRow | null> {
  return (await store.read(byName, { name }))[0] ?? null;
}
