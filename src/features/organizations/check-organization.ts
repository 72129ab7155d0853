import { badInput, checkedOptionalText } from '#src/features/roles/checked-text';
import { commonErrors } from '#src/shared/errors';

/** The members of an organization that callers may give. Absent: leave; null: unset. */
export interface OrganizationChange {
  readonly name?: string | null;
  readonly displayName?: string | null;
  readonly branding?: BrandingChange | null;
  /** Keys that are not named stay; null removes all of them. */
  readonly metadata?: readonly { readonly key: string; readonly value?: string | null }[] | null;
  readonly thirdPartyClientAccess?: string | null;
  readonly appEntitlementActive?: boolean | null;
  readonly tokenQuota?: TokenQuotaChange | null;
}

export interface TokenQuotaChange {
  readonly enforce?: boolean | null;
  readonly perHour?: number | null;
  readonly perDay?: number | null;
}

/** How many tokens the machines of an organization may get; null: any number. */
export interface TokenQuota {
  readonly enforce: boolean;
  readonly perHour: number | null;
  readonly perDay: number | null;
}

export interface BrandingChange {
  readonly logoUrl?: string | null;
  readonly colors?: { readonly primary?: string | null; readonly pageBackground?: string | null } | null;
}

/** Columns as they are to be stored. */
export interface OrganizationColumns {
  name?: string;
  displayName?: string | null;
  logoUrl?: string | null;
  primaryColor?: string | null;
  pageBackgroundColor?: string | null;
  metadata?: Record<string, string>;
  thirdPartyClientAccess?: string;
  appEntitlementActive?: boolean;
  tokenQuota?: TokenQuota | null;
}

const longestMetadataText = 255;
const longestUrl = 2048;
const namePattern = /^[a-z0-9][a-z0-9_-]{0,49}$/;
const colorPattern = /^#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})$/;
const forbiddenKeys = new Set(['__proto__', 'constructor', 'prototype']);

/** The change in its stored form. Refuses the first wrong value with the name of its field. */
export function checkOrganization(
  change: OrganizationChange,
  stored: { readonly metadata: Readonly<Record<string, string>> },
  limits: { readonly maxMetadataKeys: number },
): OrganizationColumns {
  const columns: OrganizationColumns = {};
  if (change.name !== undefined) columns.name = checkedName(change.name);
  if (change.displayName !== undefined) {
    columns.displayName = checkedOptionalText('displayName', change.displayName, 255);
  }
  if (change.branding !== undefined) Object.assign(columns, checkedBranding(change.branding));
  if (change.metadata !== undefined) {
    columns.metadata = mergedMetadata(stored.metadata, change.metadata, limits.maxMetadataKeys);
  }
  if (change.thirdPartyClientAccess !== undefined) {
    columns.thirdPartyClientAccess = change.thirdPartyClientAccess ?? 'DENY';
  }
  if (change.appEntitlementActive !== undefined)
    columns.appEntitlementActive = change.appEntitlementActive ?? false;
  if (change.tokenQuota !== undefined) columns.tokenQuota = checkedQuota(change.tokenQuota);
  return columns;
}

function checkedName(name: string | null): string {
  if (name === null || !namePattern.test(name)) {
    throw badInput(
      'name',
      'A name has 1 to 50 lower-case letters, digits, "_" and "-", and begins with a letter or a digit.',
    );
  }
  // SECURITY: such a name could be taken for the id of another organization wherever either is accepted.
  if (name.startsWith('org_'))
    throw badInput('name', 'A name must not begin with "org_": ids of organizations do.');
  return name;
}

function checkedBranding(branding: BrandingChange | null): OrganizationColumns {
  if (branding === null) return { logoUrl: null, primaryColor: null, pageBackgroundColor: null };
  const columns: OrganizationColumns = {};
  if (branding.logoUrl !== undefined) columns.logoUrl = checkedLogo(branding.logoUrl);
  if (branding.colors === undefined) return columns;
  const primary = branding.colors?.primary ?? null;
  const pageBackground = branding.colors?.pageBackground ?? null;
  if (branding.colors !== null && (primary === null || pageBackground === null)) {
    throw badInput('branding.colors', 'Give both colors, "primary" and "pageBackground", or neither.');
  }
  columns.primaryColor = checkedColor('branding.colors.primary', primary);
  columns.pageBackgroundColor = checkedColor('branding.colors.pageBackground', pageBackground);
  return columns;
}

function checkedLogo(url: string | null): string | null {
  if (url === null) return null;
  // SECURITY: script and data URLs would run or be embedded wherever a page shows the logo.
  if (url.length > longestUrl || !url.startsWith('https://') || !URL.canParse(url)) {
    throw badInput(
      'branding.logoUrl',
      `The logo must be an absolute https URL of at most ${longestUrl} characters.`,
    );
  }
  return url;
}

function checkedColor(field: string, color: string | null): string | null {
  if (color === null) return null;
  if (!colorPattern.test(color))
    throw badInput(field, 'A color is "#" and 3 or 6 hexadecimal digits: #1a2b3c.');
  return color.toLowerCase();
}

function checkedQuota(quota: TokenQuotaChange | null): TokenQuota | null {
  if (quota === null) return null;
  const { enforce, perHour = null, perDay = null } = quota;
  if (perHour === null && perDay === null) {
    throw badInput('tokenQuota', 'Say how many tokens there may be: "perHour", "perDay" or both.');
  }
  for (const [name, count] of [['perHour', perHour] as const, ['perDay', perDay] as const]) {
    if (count !== null && count < 1) throw badInput(`tokenQuota.${name}`, `"${name}" must be 1 or more.`);
  }
  return { enforce: enforce ?? true, perHour, perDay };
}

function mergedMetadata(
  stored: Readonly<Record<string, string>>,
  change: NonNullable<OrganizationChange['metadata']> | null,
  maximumKeys: number,
): Record<string, string> {
  if (change === null) return {};
  const merged = new Map(Object.entries(stored));
  for (const { key, value } of change) {
    checkMetadataText(key, 'key');
    // SECURITY: prototype pollution; such a key is refused and never merged into a stored object.
    if (forbiddenKeys.has(key)) throw badInput('metadata', `The key "${key}" is not allowed.`);
    if (value === undefined || value === null) merged.delete(key);
    else merged.set(key, checkMetadataText(value, 'value'));
  }
  if (merged.size > maximumKeys) {
    throw commonErrors.LIMIT_EXCEEDED({
      message: `An organization may have at most ${maximumKeys} metadata keys.`,
      extensions: { field: 'metadata', limit: maximumKeys, current: merged.size },
    });
  }
  return Object.fromEntries(merged);
}

function checkMetadataText(text: string, part: 'key' | 'value'): string {
  const length = [...text].length;
  if (part === 'key' && length === 0) throw badInput('metadata', 'A metadata key must not be empty.');
  if (/\u0000|\p{Surrogate}/u.test(text))
    throw badInput('metadata', 'Metadata holds characters that are not valid text.');
  if (length > longestMetadataText) {
    throw commonErrors.LIMIT_EXCEEDED({
      message: `A metadata ${part} may have at most ${longestMetadataText} characters.`,
      extensions: { field: 'metadata', limit: longestMetadataText, current: length },
    });
  }
  return text;
}
