import { AndFilter, EqualityFilter, ExtensibleFilter, type Client, type Entry } from 'ldapts';
import { withDirectory } from './directory-client';
import { binaryAttributes, entryClaims, isSwitchedOff, readAttributes } from './directory-entry';
import type { DirectoryOptions } from './directory-options';
import { depthBelow, namePartsOf } from './directory-name';
import { bindProblem, type DirectoryProblem } from './directory-problem';

export interface DirectoryGuess {
  /** As typed. */
  readonly identifier: string;
  readonly password: string;
}

export type DirectoryAnswer =
  | { readonly problem: null; readonly claims: Readonly<Record<string, unknown>> }
  | { readonly problem: DirectoryProblem };

const mostGroups = 1_000;
/** Members of members (MS-ADTS section 3.1.1.3.4.4.3). */
const memberInChain = '1.2.840.113556.1.4.1941';

/**
 * Asks a directory whether a password is right: finds the one entry of the identifier with the account that searches, then binds as that
 * entry on a connection of its own. Costs an unknown identifier a bind as well. When the signal ends it, the directory is UNAVAILABLE.
 */
export async function askDirectory(
  options: DirectoryOptions,
  guess: DirectoryGuess,
  signal: AbortSignal,
): Promise<DirectoryAnswer> {
  // SECURITY: a bind with a name and no password succeeds as "anonymous" on many servers (RFC 4513 section 5.1.2): nothing is sent.
  if (guess.password === '') return { problem: 'WRONG_PASSWORD' };
  try {
    const found = await withDirectory(options, signal, (client) =>
      findEntry(client, options, guess.identifier),
    );
    const bind = { dn: found?.entry.dn ?? nobody(options), password: guess.password };
    const problem = await checkBind(options, signal, bind);
    if (found === null) return { problem: problem === 'UNAVAILABLE' ? problem : 'WRONG_PASSWORD' };
    if (problem !== null) return { problem };
    return isSwitchedOff(found.entry)
      ? { problem: 'REFUSED' }
      : { problem: null, claims: entryClaims(found.entry, found.groups) };
  } catch {
    return { problem: 'UNAVAILABLE' };
  }
}

/** SECURITY: user enumeration by timing; whoever is not there is asked for as well, under a name that nobody has. */
function nobody({ baseDn }: DirectoryOptions): string {
  return `cn=gatehouse-nobody,${baseDn}`;
}

/** Signs in as the account that searches. */
export async function bindToSearch(
  client: Client,
  { bindDn, bindPassword }: DirectoryOptions,
): Promise<void> {
  if (bindDn !== null && bindPassword !== null) await client.bind(bindDn, bindPassword);
}

interface Found {
  readonly entry: Entry;
  readonly groups: readonly string[];
}

/** The entry of the identifier when there is exactly one. */
async function findEntry(
  client: Client,
  options: DirectoryOptions,
  identifier: string,
): Promise<Found | null> {
  await bindToSearch(client, options);
  // SECURITY: LDAP injection; a filter object carries the identifier as a value, never as filter text (RFC 4515 section 3).
  const filter = new AndFilter({
    filters: [
      new EqualityFilter({ attribute: 'objectClass', value: options.objectClass }),
      new EqualityFilter({ attribute: options.loginAttribute, value: identifier }),
    ],
  });
  // SECURITY: no limit of ours; `ldapts` takes what a server cuts short at it, or at a lower one of its own, for the whole: one of two for the only one.
  const { searchEntries } = await client.search(options.baseDn, {
    scope: 'sub',
    filter,
    attributes: [...readAttributes],
    explicitBufferAttributes: [...binaryAttributes],
  });
  const [entry] = searchEntries;
  if (entry === undefined || searchEntries.length !== 1) return null;
  // SECURITY: what a server answers from elsewhere, by its own mistake or by a reference, is nobody of this connection.
  if (depthBelow(entry.dn, options.baseDn) === null) return null;
  return { entry, groups: await findGroups(client, options, entry.dn) };
}

/**
 * The groups that list the entry: directly below the place where they are searched by their `cn`, deeper by their full name. SECURITY: two
 * groups in different places may have the same `cn`; whoever may make groups in one place must not name those of another. None without a place.
 */
async function findGroups(
  client: Client,
  { groupBaseDn, nestedGroups }: DirectoryOptions,
  dn: string,
): Promise<readonly string[]> {
  if (groupBaseDn === null) return [];
  const filter = nestedGroups
    ? new ExtensibleFilter({ matchType: 'member', rule: memberInChain, value: dn })
    : new EqualityFilter({ attribute: 'member', value: dn });
  const { searchEntries } = await client.search(groupBaseDn, {
    scope: 'sub',
    filter,
    sizeLimit: mostGroups,
    attributes: ['cn'],
  });
  return searchEntries
    .map(({ dn: groupDn, cn }) => {
      const depth = depthBelow(groupDn, groupBaseDn);
      if (depth === null) return null;
      return depth === 1 && namePartsOf(groupDn)?.[0]?.startsWith('cn=') === true ? firstOf(cn) : groupDn;
    })
    .filter((name): name is string => typeof name === 'string' && name !== '');
}

function firstOf(values: Entry[string] | undefined): unknown {
  return Array.isArray(values) ? values[0] : values;
}

async function checkBind(
  options: DirectoryOptions,
  signal: AbortSignal,
  { dn, password }: { readonly dn: string; readonly password: string },
): Promise<DirectoryProblem | null> {
  try {
    await withDirectory(options, signal, (client) => client.bind(dn, password));
    return null;
  } catch (error) {
    return bindProblem(error);
  }
}
