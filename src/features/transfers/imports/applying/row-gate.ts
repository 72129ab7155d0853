import { stripBlacklisted } from '#src/access/blacklist';
import type { Call } from '#src/access/call';
import { decide, type Decision, type ObjectFacts } from '#src/access/decide';
import type { Finding } from '#src/features/transfers/formats/import-format';
import type { NativeRow } from '#src/features/transfers/formats/native/native-row';
import { touchedPaths } from '#src/features/metadata/changed-paths';
import { attributePaths } from '#src/features/users/profile/profile';

/** Members whose import asks for permissions of their own: any of the lists. */
const permissionsOf: Readonly<Partial<Record<keyof NativeRow, readonly (readonly string[])[]>>> = {
  app_metadata: [['update:users_app_metadata'], ['update:users']],
  // SECURITY: escalation. Whoever gives roles by a file gives any role: the same right as for giving away what one does not hold.
  roles: [['create:role_members', 'grant:any']],
  organizations: [['create:organization_members', 'create:organization_member_roles', 'grant:any']],
  identities: [['update:users']],
};

const gated: readonly (keyof NativeRow)[] = [
  ...(Object.values(attributePaths) as (keyof NativeRow)[]),
  ...(['blocked', 'roles', 'organizations', 'identities'] as const),
  ...(['created_at', 'updated_at', 'last_login', 'last_ip', 'logins_count', 'last_password_reset'] as const),
];

/** What of a row whoever asked for the import may write: the same questions as for one user, asked once for each path. */
export class RowGate {
  private readonly decisions = new Map<string, Decision>();
  private readonly isRuled: boolean;
  private readonly refusedMembers: readonly (keyof NativeRow)[];
  private readonly facts: ObjectFacts;

  constructor(
    private readonly call: Call,
    private readonly connection: { readonly name: string; readonly strategy: string },
  ) {
    const { rules, blacklist, unavailable } = call.policy;
    this.isRuled = rules.length > 0 || blacklist.length > 0 || unavailable === true;
    this.refusedMembers = (Object.keys(permissionsOf) as (keyof NativeRow)[]).filter(
      (member) =>
        !permissionsOf[member]?.some((list) => list.every((name) => call.principal.permissions.has(name))),
    );
    this.facts = {
      ownerId: null,
      connections: [connection.name],
      strategies: [connection.strategy],
      organizations: [],
    };
  }

  /** The row without blacklisted members, and what is wrong with the rest. `facts`: of the user that exists already. */
  admit(row: NativeRow, facts?: ObjectFacts): { row: NativeRow; errors: Finding[]; warnings: Finding[] } {
    const errors: Finding[] = this.refusedMembers
      .filter((member) => row[member] !== undefined)
      .map((member) => refusal(member));
    if (!this.isRuled) return { row, errors, warnings: [] };
    const { kept, stripped } = this.strip(row);
    const known = facts ?? this.factsOfNew(kept);
    for (const path of pathsOf(kept)) {
      const decision = this.decideWrite(path, known);
      if (decision !== 'ALLOW' && decision !== 'MASK') errors.push(refusal(path));
    }
    const warnings = stripped.map((path) => ({
      code: 'ATTRIBUTE_BLACKLISTED',
      message: 'The attribute is on the blacklist and was left out.',
      path,
    }));
    return { row: kept, errors, warnings };
  }

  private strip(row: NativeRow): { readonly kept: NativeRow; readonly stripped: readonly string[] } {
    const scope = { connections: [this.connection.name] };
    const { kept, stripped } = stripBlacklisted(this.call.policy, scope, row);
    if (!kept.identities) return { kept, stripped };
    const found = [...stripped];
    const identities = kept.identities.map((identity) => {
      if (!identity.profileData) return identity;
      // SECURITY: a hidden root attribute must not come in through the copy that an identity keeps.
      const own = stripBlacklisted(
        this.call.policy,
        { connections: [identity.connection ?? identity.provider] },
        identity.profileData,
      );
      found.push(...own.stripped.map((path) => `identities.profileData.${path}`));
      return { ...identity, profileData: own.kept };
    });
    return { kept: { ...kept, identities }, stripped: found };
  }

  /** SECURITY: a rule about the users of a connection holds for who gets an identity there by the very row. */
  private factsOfNew({ identities = [] }: NativeRow): ObjectFacts | undefined {
    const others = identities.filter(
      ({ provider, connection = provider }) => connection !== this.connection.name,
    );
    if (others.length === 0) return undefined;
    const { connections, strategies = [] } = this.facts;
    return {
      ...this.facts,
      connections: [...connections, ...others.map(({ provider, connection = provider }) => connection)],
      strategies: [...strategies, ...others.map(({ provider }) => provider)],
    };
  }

  private decideWrite(path: string, facts: ObjectFacts | undefined): Decision {
    if (facts) return decide(this.call, 'WRITE', path, facts);
    const known = this.decisions.get(path);
    if (known) return known;
    const decision = decide(this.call, 'WRITE', path, this.facts);
    // Bounded: a file may name any number of metadata paths.
    if (this.decisions.size < 10_000) this.decisions.set(path, decision);
    return decision;
  }
}

function refusal(path: string): Finding {
  return { code: 'FIELD_NOT_ALLOWED', message: 'Whoever asked for the import may not write this.', path };
}

function* pathsOf(row: NativeRow): Generator<string> {
  for (const member of gated) if (row[member] !== undefined) yield member;
  for (const store of ['user_metadata', 'app_metadata'] as const) {
    const value = row[store];
    if (value) for (const path of touchedPaths(value)) yield `${store}.${path}`;
  }
}
