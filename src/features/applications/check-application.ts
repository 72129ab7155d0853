import { badInput, checkedOptionalText, checkedText } from '#src/features/roles/checked-text';
import { commonErrors } from '#src/shared/errors';
import {
  originProblem,
  registrationProblem,
  type UrlPolicy,
} from '#src/features/applications/redirects/registered-url';
import type { ApplicationRow } from './application.repository';

/** What callers may give of an application. Absent: leave; null: the default. */
export interface ApplicationChange {
  readonly name?: string | null;
  readonly description?: string | null;
  readonly isEnabled?: boolean | null;
  readonly isFirstParty?: boolean | null;
  readonly devMode?: boolean | null;
  readonly callbacks?: readonly string[] | null;
  readonly allowedLogoutUrls?: readonly string[] | null;
  readonly allowedWebOrigins?: readonly string[] | null;
  readonly allowedEmbedOrigins?: readonly string[] | null;
  readonly initiateLoginUri?: string | null;
  readonly defaultRedirectUri?: string | null;
  readonly organizationUsage?: string | null;
  readonly organizationRequireBehavior?: string | null;
  readonly organizationDiscoveryMethods?: readonly string[] | null;
  readonly defaultOrganizationId?: string | null;
  readonly allowAnyOrganization?: boolean | null;
  readonly allowDelegatedAccess?: boolean | null;
}

/** The settings of an application that was just registered. */
export const newApplication = {
  description: null,
  isEnabled: true,
  isFirstParty: true,
  devMode: false,
  callbacks: [],
  allowedLogoutUrls: [],
  allowedWebOrigins: [],
  allowedEmbedOrigins: [],
  initiateLoginUri: null,
  defaultRedirectUri: null,
  organizationUsage: 'DENY',
  organizationRequireBehavior: 'NO_PROMPT',
  organizationDiscoveryMethods: ['EMAIL'],
  defaultOrganizationId: null,
  allowAnyOrganization: false,
  allowDelegatedAccess: false,
} as const;

type Settings = Omit<ApplicationRow, 'id' | 'type' | 'metadata' | 'createdAt' | 'updatedAt' | 'version'>;

const longestName = 100;
const longestDescription = 255;
const maximumEntries = 100;

/**
 * The application's settings with the change, in stored form. The whole result is checked, so that a setting that becomes wrong by
 * another one's change (a wildcard that outlives development mode) is refused as well.
 */
export function changedSettings(
  before: Settings & { readonly type: string },
  change: ApplicationChange,
): Settings {
  const wanted = { ...before };
  for (const [key, value] of Object.entries(change) as [keyof ApplicationChange, never][]) {
    if (value === undefined || !(key in before)) continue;
    Object.assign(wanted, { [key]: value ?? (newApplication as Record<string, unknown>)[key] ?? null });
  }
  const policy: UrlPolicy = { type: before.type, devMode: wanted.devMode };
  return {
    name: checkedText('name', wanted.name ?? '', longestName),
    description: checkedOptionalText('description', wanted.description, longestDescription),
    isEnabled: wanted.isEnabled,
    isFirstParty: wanted.isFirstParty,
    devMode: wanted.devMode,
    callbacks: checkedList('callbacks', wanted.callbacks, (url) => registrationProblem(url, policy)),
    allowedLogoutUrls: checkedList('allowedLogoutUrls', wanted.allowedLogoutUrls, (url) =>
      registrationProblem(url, policy),
    ),
    allowedWebOrigins: checkedList('allowedWebOrigins', wanted.allowedWebOrigins, (origin) =>
      originProblem(origin, policy),
    ),
    allowedEmbedOrigins: checkedList('allowedEmbedOrigins', wanted.allowedEmbedOrigins, (origin) =>
      originProblem(origin, policy),
    ),
    initiateLoginUri: checkedPage('initiateLoginUri', wanted.initiateLoginUri, policy),
    defaultRedirectUri: checkedPage('defaultRedirectUri', wanted.defaultRedirectUri, policy),
    organizationUsage: wanted.organizationUsage,
    organizationRequireBehavior: checkedPrompt(wanted),
    organizationDiscoveryMethods: checkedMethods(wanted.organizationDiscoveryMethods),
    ...checkedMachine(wanted),
    allowDelegatedAccess: wanted.allowDelegatedAccess,
  };
}

/** Whether people sign in through applications of this type: not through a machine, and not through a page that only asks for profiles. */
export function signsPeopleIn(type: string): boolean {
  return type !== 'MACHINE' && type !== 'LANDING_PAGE';
}

/** Before the sign-in, only what is mandatory can be asked for. */
function checkedPrompt({ organizationUsage, organizationRequireBehavior }: Settings): string {
  if (organizationRequireBehavior === 'PRE_LOGIN_PROMPT' && organizationUsage !== 'REQUIRE')
    throw badInput('organizationRequireBehavior', 'PRE_LOGIN_PROMPT needs organizationUsage REQUIRE.');
  return organizationRequireBehavior;
}

/** What only machines have: a third party's never enters organizations that were not granted it. */
function checkedMachine({
  type,
  isFirstParty,
  defaultOrganizationId,
  allowAnyOrganization,
}: Settings & { readonly type: string }): Pick<Settings, 'defaultOrganizationId' | 'allowAnyOrganization'> {
  if (type !== 'MACHINE' && defaultOrganizationId !== null)
    throw badInput('defaultOrganizationId', 'Only machines have a default organization.');
  if (allowAnyOrganization && (type !== 'MACHINE' || !isFirstParty))
    throw badInput('allowAnyOrganization', 'Only machines of your own may enter any organization.');
  return { defaultOrganizationId, allowAnyOrganization };
}

function checkedMethods(methods: readonly string[]): readonly string[] {
  if (methods.length === 0) throw badInput('organizationDiscoveryMethods', 'Name at least one method.');
  return [...new Set(methods)];
}

function checkedList(
  field: string,
  entries: readonly string[],
  problemOf: (entry: string) => string | null,
): readonly string[] {
  const distinct = [...new Set(entries)];
  if (distinct.length > maximumEntries) {
    throw commonErrors.LIMIT_EXCEEDED({
      message: `"${field}" may have at most ${maximumEntries} entries.`,
      extensions: { field, limit: maximumEntries, current: distinct.length },
    });
  }
  for (const entry of distinct) {
    const problem = problemOf(entry);
    if (problem !== null) throw badInput(field, `${quoted(entry)} ${problem}.`);
  }
  return distinct;
}

/** One page of the application, without wildcards: people are sent there, not compared with it. */
function checkedPage(field: string, url: string | null, policy: UrlPolicy): string | null {
  if (url === null || url === '') return null;
  const problem = registrationProblem(url, { ...policy, devMode: false });
  if (problem !== null) throw badInput(field, `${quoted(url)} ${problem}.`);
  if (/[*{}]/.test(url)) throw badInput(field, `${quoted(url)} must not hold a wildcard.`);
  return url;
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text);
}
