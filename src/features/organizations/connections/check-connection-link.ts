import type { StrategyKind } from '#src/features/connections/strategy';
import { refuseAbove } from '#src/features/roles/bulk-ids';
import { badInput, checkedOptionalText, checkedText } from '#src/features/roles/checked-text';

/** The settings of a link as callers give them. Absent or null: as it was, or the default. */
export interface LinkSettings {
  readonly isEnabled?: boolean | null;
  readonly assignMembershipOnLogin?: boolean | null;
  readonly syncMembership?: boolean | null;
  /** The list replaces the stored one. */
  readonly membershipGroups?: readonly string[] | null;
  readonly isSignupEnabled?: boolean | null;
  readonly showAsButton?: boolean | null;
  readonly organizationAccessLevel?: string | null;
  /** Null removes the label. */
  readonly organizationConnectionName?: string | null;
}

/** The settings as they are stored. */
export interface StoredSettings {
  readonly isEnabled: boolean;
  readonly assignMembershipOnLogin: boolean;
  readonly syncMembership: boolean;
  readonly membershipGroups: readonly string[];
  readonly isSignupEnabled: boolean;
  readonly showAsButton: boolean;
  readonly organizationAccessLevel: string;
  readonly organizationConnectionName: string | null;
}

export const defaultSettings: StoredSettings = {
  isEnabled: true,
  assignMembershipOnLogin: false,
  syncMembership: false,
  membershipGroups: [],
  isSignupEnabled: false,
  showAsButton: true,
  organizationAccessLevel: 'NONE',
  organizationConnectionName: null,
};

const longestLabel = 255;
const longestGroup = 255;
const mostGroups = 20;

/** The settings after a change. Refuses settings that the kind of connection does not have, and sign-up without membership. */
export function checkLink(before: StoredSettings, change: LinkSettings, kind: StrategyKind): StoredSettings {
  refuseFor(kind, 'DATABASE', 'isSignupEnabled', change.isSignupEnabled, 'a database');
  refuseFor(kind, 'ENTERPRISE', 'showAsButton', change.showAsButton, 'an enterprise directory');
  if (kind === 'DATABASE' && (change.syncMembership === true || change.membershipGroups?.length))
    throw badInput('syncMembership', 'A database names no groups: nothing is there to follow.');
  const label = change.organizationConnectionName;
  const after: StoredSettings = {
    isEnabled: change.isEnabled ?? before.isEnabled,
    assignMembershipOnLogin: change.assignMembershipOnLogin ?? before.assignMembershipOnLogin,
    syncMembership: change.syncMembership ?? before.syncMembership,
    membershipGroups: checkedGroups(change.membershipGroups) ?? before.membershipGroups,
    isSignupEnabled: change.isSignupEnabled ?? before.isSignupEnabled,
    showAsButton: change.showAsButton ?? before.showAsButton,
    organizationAccessLevel: change.organizationAccessLevel ?? before.organizationAccessLevel,
    organizationConnectionName:
      label === undefined
        ? before.organizationConnectionName
        : checkedOptionalText('organizationConnectionName', label, longestLabel),
  };
  if (after.isSignupEnabled && !after.assignMembershipOnLogin) {
    throw badInput(
      'isSignupEnabled',
      'Who signs up here must become a member: "isSignupEnabled" needs "assignMembershipOnLogin".',
    );
  }
  if (after.syncMembership && (!after.assignMembershipOnLogin || after.membershipGroups.length === 0)) {
    throw badInput(
      'syncMembership',
      'Who is to be a member is said by groups: "syncMembership" needs "assignMembershipOnLogin" and "membershipGroups".',
    );
  }
  if (!after.syncMembership && after.membershipGroups.length > 0)
    throw badInput('membershipGroups', 'Groups decide nothing without "syncMembership".');
  return after;
}

/** Names without repetition; null: nothing was said. LIMIT_EXCEEDED above the limit. */
function checkedGroups(names: readonly string[] | null | undefined): readonly string[] | null {
  if (names === undefined || names === null) return null;
  const checked = [...new Set(names.map((name) => checkedText('membershipGroups', name, longestGroup)))];
  const problem = `A link follows at most ${mostGroups} groups.`;
  refuseAbove(mostGroups, checked.length, problem, 'membershipGroups');
  return checked;
}

function refuseFor(
  kind: StrategyKind,
  wanted: StrategyKind,
  field: string,
  value: boolean | null | undefined,
  whose: string,
): void {
  if (value === undefined || value === null || kind === wanted) return;
  throw badInput(field, `Only ${whose} has "${field}".`);
}
