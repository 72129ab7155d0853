import type { Call } from '#src/access/call';
import type { Connection } from '#src/features/connections/connection.service';
import { checkSignUpMetadata } from '#src/features/metadata/check-metadata';
import type { NewPasswordAbout } from '#src/features/passwords/new-password';
import type { Asked, Asker } from '#src/features/tickets/asker';
import { foldText } from '#src/features/users/fold-text';
import { enqueueJob } from '#src/jobs/enqueue-job';
import { commonErrors, GatehouseError } from '#src/shared/errors';
import { accountErrors } from './account.errors';
import { findAccountByIdentifier } from './account.repository';
import { accountMail } from './account-mail.job';
import { sendVerification } from './account-mails';
import {
  actingFor,
  checkedAddress,
  requireDatabase,
  type AccountParts,
  type Address,
  type AskingFrom,
} from './account-parts';

export interface SignUp {
  readonly connection?: string | null;
  readonly email: string;
  readonly password: string;
  readonly username?: string | null;
  readonly name?: string | null;
  readonly givenName?: string | null;
  readonly familyName?: string | null;
  readonly nickname?: string | null;
  readonly userMetadata?: unknown;
}

/**
 * Makes an account, unverified, and sends a message to its address. The answer is the same when the address has an account: then its
 * owner is told by mail. A username is public: CONFLICT tells that it is taken, whatever the address.
 */
export async function signUp(
  parts: AccountParts,
  call: Call,
  input: SignUp,
  { ip, ...browser }: AskingFrom,
): Promise<Asked> {
  const address = checkedAddress(input.email);
  const connection = await requireDatabase(parts, call.store, input.connection);
  if (connection.options.disableSignup) throw accountErrors.SIGN_UP_CLOSED();
  for (const check of parts.signUpChecks) await check(call.store, address.folded);
  const userMetadata = checkedMetadata(parts, input.userMetadata);
  parts.passwords.requireRoom();
  await parts.attackProtection.beginSignUp(call, ip);
  await refuseTakenUsername(parts, call, connection, input.username);
  const about: NewPasswordAbout = {
    connection,
    profile: { ...input, email: address.email },
    occasion: 'SIGN_UP',
  };
  const hash = await parts.passwords.hashNew(call, input.password, about);
  const asked = parts.tickets.ask(call, browser);
  const { asker } = asked;
  const creation: Creation = { input, address, connection, userMetadata, hash, asker };
  const owner = await findOwner(parts, call, creation);
  const isNew = owner === null && (await create(parts, call, creation));
  if (owner !== null) await pretend(parts, call, creation);
  await tellOwner(call, connection, isNew ? null : address);
  return asked;
}

/**
 * Who has the address: here, or at the system from which users are yet to come; that one is here from now on, and chooses a password by a
 * link. Where that system keeps the passwords, an account of an address that nobody has is made there.
 * SECURITY: user enumeration by timing; the other system is asked about addresses that are known here too, and twice where it is asked twice.
 */
async function findOwner(
  { users }: AccountParts,
  call: Call,
  { connection, address: { email, folded }, input, userMetadata }: Creation,
): Promise<object | null> {
  const { name } = connection;
  const isElsewhere = await users.isKnownElsewhere(call, name, email);
  const here = await findAccountByIdentifier(call.store, name, folded);
  if (here === null && !isElsewhere) {
    const made = await users.makeElsewhere(call, connection, { ...input, email, userMetadata });
    return made === 'taken' ? { email } : null;
  }
  if (here !== null) {
    if (!connection.options.keepsPasswords)
      await users.isKnownElsewhere(call, name, `${call.ids.secret(12)}@taken.invalid`);
    return here;
  }
  await users.bringFromElsewhere(call, name, email);
  // Somebody who may not come again has no account either, but the address stays taken.
  return (await findAccountByIdentifier(call.store, name, folded)) ?? { email };
}

interface Creation {
  readonly input: SignUp;
  readonly address: Address;
  readonly connection: Connection;
  readonly userMetadata: Readonly<Record<string, string>> | null;
  readonly hash: string;
  readonly asker: Asker;
}

/** False when somebody took the address a moment ago. */
async function create(parts: AccountParts, call: Call, creation: Creation): Promise<boolean> {
  try {
    const id = await call.store.transaction((store) =>
      insert(parts, actingFor(call, 'sign-up', store), creation),
    );
    parts.users.announce(id);
    return true;
  } catch (error) {
    if (error instanceof GatehouseError && error.code === 'CONFLICT') {
      if (error.extensions.field === 'email') return false;
    }
    throw error;
  }
}

class Undo extends Error {}

/** SECURITY: user enumeration by timing; for a taken address an account of an address that cannot exist is made and undone. */
async function pretend(parts: AccountParts, call: Call, creation: Creation): Promise<void> {
  const email = `${call.ids.secret(12)}@taken.invalid`;
  const decoy = { ...creation, address: { email, folded: email } };
  try {
    await call.store.transaction(async (store) => {
      await insert(parts, actingFor(call, 'sign-up', store), decoy);
      throw new Undo();
    });
  } catch (error) {
    if (!(error instanceof Undo)) throw error;
  }
}

async function insert(
  parts: AccountParts,
  acting: Call,
  { input, address: { email }, connection, userMetadata, hash, asker }: Creation,
): Promise<string> {
  const { username, name, givenName, familyName, nickname } = input;
  const { id } = await parts.users.create(acting, {
    ...{ connection: connection.name, email, emailVerified: false },
    ...{ username: username ?? null, name: name ?? null, nickname: nickname ?? null },
    ...{ givenName: givenName ?? null, familyName: familyName ?? null, userMetadata },
  });
  if (connection.options.keepsPasswords)
    await parts.passwords.store(acting.store, acting, id, hash, { isUnproven: true });
  await sendVerification(parts, acting.store, acting, { id, email, asker });
  return id;
}

/** A job for new addresses too, whose time must be the same: then with nobody to tell. */
async function tellOwner(call: Call, connection: Connection, address: Address | null): Promise<void> {
  const owner =
    address === null ? null : await findAccountByIdentifier(call.store, connection.name, address.folded);
  await call.store.transaction(async (store) => {
    await enqueueJob(store, call, accountMail, { purpose: 'account-exists', userId: owner?.id ?? null });
  });
}

async function refuseTakenUsername(
  { users }: AccountParts,
  call: Call,
  connection: Connection,
  username: string | null | undefined,
): Promise<void> {
  if (!username) return;
  const owner = await findAccountByIdentifier(call.store, connection.name, foldText(username));
  if (owner === null && !(await users.isKnownElsewhere(call, connection.name, username))) return;
  throw commonErrors.CONFLICT({ message: 'This username is taken.', extensions: { field: 'username' } });
}

function checkedMetadata({ config }: AccountParts, given: unknown): Readonly<Record<string, string>> | null {
  if (given === null || given === undefined) return null;
  const metadata = checkSignUpMetadata(given);
  const foreign = Object.keys(metadata).find((key) => !config.signUpMetadata.includes(key));
  if (foreign === undefined) return metadata;
  // SECURITY: metadata decides things in applications; strangers write only what the operator opened.
  throw commonErrors.VALIDATION_FAILED({
    message: 'This member of user_metadata cannot be given at sign-up.',
    extensions: { field: `user_metadata.${foreign.slice(0, 64)}` },
  });
}
