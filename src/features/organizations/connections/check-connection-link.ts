import type { StrategyKind } from '#src/features/connections/strategy';
import { badInput, checkedOptionalText } from '#src/features/roles/checked-text';

/** The settings of a link as callers give them. Absent or null: as it was, or the default. */
export interface LinkSettings {
  readonly isEnabled?: boolean | null;
  readonly assignMembershipOnLogin?: boolean | null;
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
  readonly isSignupEnabled: boolean;
  readonly showAsButton: boolean;
  readonly organizationAccessLevel: string;
  readonly organizationConnectionName: string | null;
}

export const defaultSettings: StoredSettings = {
  isEnabled: true,
  assignMembershipOnLogin: false,
  isSignupEnabled: false,
  showAsButton: true,
  organizationAccessLevel: 'NONE',
  organizationConnectionName: null,
};

const longestLabel = 255;

/** The settings after a change. Refuses settings that the kind of connection does not have, and sign-up without membership. */
export function checkLink(before: StoredSettings, change: LinkSettings, kind: StrategyKind): StoredSettings {
  refuseFor(kind, 'DATABASE', 'isSignupEnabled', change.isSignupEnabled, 'a database');
  refuseFor(kind, 'ENTERPRISE', 'showAsButton', change.showAsButton, 'an enterprise directory');
  const label = change.organizationConnectionName;
  const after: StoredSettings = {
    isEnabled: change.isEnabled ?? before.isEnabled,
    assignMembershipOnLogin: change.assignMembershipOnLogin ?? before.assignMembershipOnLogin,
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
  return after;
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
