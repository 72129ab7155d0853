import type { Call } from '#src/access/call';
import { assertWritable } from '#src/access/write-gate';
import type { OrganizationsConfig } from '#src/config/organizations';
import { touchedPaths } from '#src/features/metadata/changed-paths';
import { checkPatch, sizeOf } from '#src/features/metadata/check-metadata';
import { assertMayWriteStore } from '#src/features/metadata/metadata-change';
import { storePaths, type MetadataObject, type StoreName } from '#src/features/metadata/metadata-store';
import { refuseAbove } from '#src/features/roles/bulk-ids';
import { badInput, checkedText } from '#src/features/roles/checked-text';
import { foldText } from '#src/features/users/fold-text';
import { isEmailAddress } from '#src/features/users/identifiers/email-address';

const longestInviterName = 300;
const longestClientId = 255;
/** Bytes of both stores together. */
const mostMetadata = 16_384;

export interface Invitee {
  readonly email: string;
  readonly emailFolded: string;
}

/** The invited addresses. Refuses none, too many, one that is no address, and the same one twice. */
export function checkedInvitees(emails: readonly string[], maximum: number): readonly Invitee[] {
  if (emails.length === 0) throw badInput('invitees', 'Name at least one e-mail address.');
  refuseAbove(maximum, emails.length, `At most ${maximum} people are invited at once.`, 'invitees');
  const seen = new Set<string>();
  return emails.map((text) => {
    const email = text.trim();
    const emailFolded = foldText(email);
    if (!isEmailAddress(email)) throw badInput('invitees', 'An invitation needs a valid e-mail address.');
    if (seen.has(emailFolded)) throw badInput('invitees', 'Each e-mail address can be invited once.');
    seen.add(emailFolded);
    return { email, emailFolded };
  });
}

export function checkedInviter(name: string): string {
  return checkedText('inviter.name', name, longestInviterName);
}

export function checkedClient(clientId: string | null | undefined): string | null {
  return clientId === null || clientId === undefined
    ? null
    : checkedText('clientId', clientId, longestClientId);
}

/** Seconds that the invitation is good; absent and 0 mean the default. */
export function checkedTtl(
  ttlSec: number | null | undefined,
  limits: Pick<OrganizationsConfig, 'invitationTtlSeconds' | 'maxInvitationTtlSeconds'>,
): number {
  if (ttlSec === null || ttlSec === undefined || ttlSec === 0) return limits.invitationTtlSeconds;
  const limit = limits.maxInvitationTtlSeconds;
  if (ttlSec < 0) throw badInput('ttlSec', 'An invitation is good for 1 second or more.');
  refuseAbove(limit, ttlSec, `An invitation is good for at most ${limit} seconds.`, 'ttlSec');
  return ttlSec;
}

export interface InvitationMetadata {
  readonly userMetadata: MetadataObject | null;
  readonly appMetadata: MetadataObject | null;
}

/**
 * What an invitation brings for the stores of the user.
 * SECURITY: an invitation must not write what its maker could not write: who may invite alone cannot set the data that applications
 * trust.
 */
export function checkedInvitationMetadata(
  call: Call,
  organizationId: string,
  input: { readonly userMetadata?: unknown; readonly appMetadata?: unknown },
): InvitationMetadata {
  const userMetadata = checkedStore(call, organizationId, 'user', input.userMetadata);
  const appMetadata = checkedStore(call, organizationId, 'app', input.appMetadata);
  const size = sizeOf(userMetadata ?? {}, appMetadata ?? {});
  refuseAbove(
    mostMetadata,
    size,
    `An invitation brings at most ${mostMetadata} bytes of metadata.`,
    'userMetadata',
  );
  return { userMetadata, appMetadata };
}

function checkedStore(
  call: Call,
  organizationId: string,
  name: StoreName,
  patch: unknown,
): MetadataObject | null {
  if (patch === null || patch === undefined) return null;
  // Nobody has this id: only a permission opens the store.
  assertMayWriteStore(call, name, '');
  const checked = checkPatch(patch, name);
  const paths = touchedPaths(checked).map((path) => `${storePaths[name]}.${path}`);
  assertWritable(call, paths, { ownerId: null, connections: [], organizations: [organizationId] });
  return checked;
}
