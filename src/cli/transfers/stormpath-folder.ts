import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { asList, asObject, asText, firstText, type Json } from '#src/features/transfers/formats/native-draft';
import type { SourceRecord } from '#src/features/transfers/reading/source-record';

/** What the other files of the export say of accounts, by account id. */
interface Surroundings {
  readonly roles: ReadonlyMap<string, readonly string[]>;
  readonly organizations: ReadonlyMap<string, readonly string[]>;
  readonly providers: ReadonlyMap<string, string>;
  readonly keys: ReadonlySet<string>;
  /** The account that an account is merged into. */
  readonly mergedInto: ReadonlyMap<string, string>;
}

/**
 * The accounts of a Stormpath export (a folder), one after the other. Accounts that an account link joins are one: of each member the
 * first value that is not empty.
 */
export async function* stormpathRecords(root: string): AsyncGenerator<SourceRecord> {
  const surroundings = await readSurroundings(root);
  const joined = new Map<string, Json[]>();
  let index = 0;
  const record = (account: Json): SourceRecord => ({
    index: index++,
    line: 0,
    value: complete(account, surroundings),
  });
  for await (const { value, path } of jsonFiles(join(root, 'accounts'))) {
    if (value === null) {
      const problem = { code: 'INVALID_JSON', message: 'The file of the account is not JSON.' };
      yield { index: index++, line: 0, value: null, problem };
      continue;
    }
    const account = { directoryFolder: path.split('/')[0], ...value };
    const id = idOf(account) ?? '';
    const isLinked = surroundings.mergedInto.has(id) || [...surroundings.mergedInto.values()].includes(id);
    if (!isLinked) yield record(account);
    else {
      const target = surroundings.mergedInto.get(id) ?? id;
      joined.set(
        target,
        target === id ? [account, ...(joined.get(target) ?? [])] : [...(joined.get(target) ?? []), account],
      );
    }
  }
  for (const accounts of joined.values()) yield record(merged(accounts));
}

function merged(accounts: readonly Json[]): Json {
  const result: Record<string, unknown> = {};
  for (const account of accounts) {
    for (const [name, value] of Object.entries(account)) {
      const isEmpty = result[name] === undefined || result[name] === null || result[name] === '';
      if (isEmpty) result[name] = value;
    }
  }
  return result;
}

function complete(account: Json, { roles, organizations, providers, keys }: Surroundings): Json {
  const id = idOf(account) ?? '';
  const directory = firstText(linkedId(account['directory']), account['directoryFolder']) ?? '';
  return {
    ...account,
    roles: roles.get(id) ?? [],
    organizations: organizations.get(directory) ?? [],
    ...(providers.has(directory) ? { provider: providers.get(directory) } : {}),
    ...(keys.has(id) ? { apiKeys: [{}] } : {}),
  };
}

async function readSurroundings(root: string): Promise<Surroundings> {
  const groups = new Map<string, string>();
  for await (const { value } of jsonFiles(join(root, 'groups')))
    if (value) groups.set(idOf(value) ?? '', asText(value['name']) ?? '');
  const roles = new Map<string, string[]>();
  for await (const { value } of jsonFiles(join(root, 'groupMemberships'))) {
    const name = groups.get(linkedId(value?.['group']) ?? '');
    const account = linkedId(value?.['account']);
    if (name && account) roles.set(account, [...(roles.get(account) ?? []), name]);
  }
  const names = new Map<string, string>();
  for await (const { value } of jsonFiles(join(root, 'organizations')))
    if (value) names.set(idOf(value) ?? '', firstText(value['nameKey'], value['name']) ?? '');
  const organizations = new Map<string, string[]>();
  for await (const { value } of jsonFiles(join(root, 'organizationAccountStoreMappings'))) {
    const store = linkedId(value?.['accountStore']);
    const name = names.get(linkedId(value?.['organization']) ?? '');
    if (store && name) organizations.set(store, [...(organizations.get(store) ?? []), name]);
  }
  const providers = new Map<string, string>();
  for await (const { value, path } of jsonFiles(join(root, 'providers')))
    if (value) providers.set(path.replace(/\.json$/, ''), asText(value['providerId']) ?? '');
  const keys = new Set<string>();
  for await (const { value } of jsonFiles(join(root, 'apiKeys'))) {
    const account = linkedId(value?.['account']);
    if (account && value?.['status'] !== 'DISABLED') keys.add(account);
  }
  return { roles, organizations, providers, keys, mergedInto: await readLinks(root) };
}

async function readLinks(root: string): Promise<ReadonlyMap<string, string>> {
  const mergedInto = new Map<string, string>();
  for await (const { value } of jsonFiles(join(root, 'accountLinks'))) {
    const left = linkedId(value?.['leftAccount']);
    const right = linkedId(value?.['rightAccount']);
    if (left === undefined || right === undefined) continue;
    mergedInto.set(right, mergedInto.get(left) ?? left);
  }
  return mergedInto;
}

function idOf(value: Json): string | undefined {
  return firstText(value['id'], asText(value['href'])?.split('/').pop());
}

function linkedId(value: unknown): string | undefined {
  return asText(value) ?? idOf(asObject(value));
}

/** Every JSON file below a folder, in the order of the names; a missing folder holds none. */
async function* jsonFiles(
  folder: string,
): AsyncGenerator<{ readonly value: Json | null; readonly path: string }> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  for (const path of names.filter((name) => name.endsWith('.json')).sort()) {
    let value: unknown;
    try {
      value = JSON.parse(await readFile(join(folder, path), 'utf8'));
    } catch {
      yield { value: null, path };
      continue;
    }
    for (const item of Array.isArray(value) ? asList(value) : [value]) yield { value: asObject(item), path };
  }
}
