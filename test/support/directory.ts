import { createServer, type AddressInfo, type Socket } from 'node:net';
import { createServer as createTlsServer, TLSSocket } from 'node:tls';
import { der, readAll, type Der } from './der';
import { selfSigned, type Identity } from './self-signed';

export interface DirectoryEntry {
  readonly dn: string;
  /** Null: nobody can bind as it. */
  readonly password: string | null;
  readonly attributes: Readonly<Record<string, string | Buffer | readonly string[]>>;
  /** What a bind answers instead of success or invalidCredentials: code and text. */
  readonly bindAnswer?: readonly [code: number, text: string];
  /** How many entries a search by it answers at most. */
  readonly sizeLimit?: number;
}

export interface Directory {
  readonly ldaps: string;
  /** The same without encryption until StartTLS. */
  readonly ldap: string;
  readonly certificate: string;
  readonly entries: DirectoryEntry[];
  /** What was asked, in order: `bind <dn>`, `search <filter>`, `starttls`. */
  readonly asked: string[];
  close(): Promise<void>;
}

const success = 0;
const sizeLimitExceeded = 4;
const invalidCredentials = 49;
const insufficientAccess = 50;

/** A directory server on loopback that speaks LDAP (RFC 4511): bind, search by equality and by matching rule, StartTLS. */
export async function startDirectory(entries: readonly DirectoryEntry[]): Promise<Directory> {
  const identity = selfSigned();
  const directory = { entries: [...entries], asked: [] as string[] };
  const sockets = new Set<Socket>();
  const serve = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    speak(socket, directory, identity);
  };
  const plain = createServer(serve);
  const encrypted = createTlsServer({ key: identity.key, cert: identity.certificate }, serve);
  encrypted.on('tlsClientError', () => undefined);
  const ports = await Promise.all(
    [plain, encrypted].map(
      (server) =>
        new Promise<number>((resolve) => {
          server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
        }),
    ),
  );
  return Object.assign(directory, {
    ldap: `ldap://127.0.0.1:${ports[0]}`,
    ldaps: `ldaps://127.0.0.1:${ports[1]}`,
    certificate: identity.certificate,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await Promise.all([plain, encrypted].map((server) => new Promise((resolve) => server.close(resolve))));
    },
  });
}

type State = Pick<Directory, 'entries' | 'asked'>;

function speak(socket: Socket, state: State, identity: Identity): void {
  let pending: Buffer = Buffer.alloc(0);
  let bound: DirectoryEntry | null = null;
  socket.on('data', (bytes: Buffer) => {
    const { values, rest } = readAll(Buffer.concat([pending, bytes]));
    pending = rest;
    for (const message of values) {
      const [id, operation] = readAll(message.content).values as [Der, Der];
      const answer = (tag: number, ...parts: Buffer[]): void =>
        void socket.write(der(0x30, der(0x02, id.content), der(tag, ...parts)));
      const result = (tag: number, code: number, text = ''): void =>
        answer(tag, der(0x0a, Buffer.from([code])), der(0x04), der(0x04, text));
      if (operation.tag === 0x42) socket.end();
      if (operation.tag === 0x60) {
        const [code, text] = bind(state, operation);
        bound = code === success ? entryOf(state, operation) : null;
        result(0x61, code, text);
      }
      if (operation.tag === 0x63) {
        const found = bound === null ? null : search(state, operation);
        const most = Math.min(bound?.sizeLimit ?? Infinity, wantedOf(operation));
        for (const { attributes } of found ?? [])
          if (typeof attributes['ref'] === 'string') answer(0x73, der(0x04, attributes['ref']));
        const hits = (found ?? []).filter(({ attributes }) => !('ref' in attributes));
        for (const entry of hits.slice(0, most)) answer(0x64, der(0x04, entry.dn), attributesOf(entry));
        const isCut = hits.length > most;
        result(0x65, found === null ? insufficientAccess : isCut ? sizeLimitExceeded : success);
      }
      if (operation.tag === 0x77) {
        state.asked.push('starttls');
        result(0x78, success);
        socket.removeAllListeners('data');
        const options = { isServer: true, key: identity.key, cert: identity.certificate };
        const secured = new TLSSocket(socket, options);
        secured.on('error', () => undefined);
        speak(secured, state, identity);
        return;
      }
    }
  });
}

function bind({ entries, asked }: State, operation: Der): readonly [number, string] {
  const [, name, proof] = readAll(operation.content).values as [Der, Der, Der];
  const dn = name.content.toString();
  asked.push(`bind ${dn}`);
  const password = proof.content.toString();
  // As many servers do: a name without a password is taken for nobody in particular.
  if (password === '') return [success, ''];
  const entry = entries.find((one) => one.dn === dn);
  if (entry?.bindAnswer) return entry.bindAnswer;
  return entry !== undefined && entry.password === password ? [success, ''] : [invalidCredentials, ''];
}

function entryOf({ entries }: State, operation: Der): DirectoryEntry | null {
  const [, name] = readAll(operation.content).values as [Der, Der];
  return entries.find(({ dn }) => dn === name.content.toString()) ?? null;
}

/** The limit of the request: none, or so many entries. */
function wantedOf(operation: Der): number {
  const [, , , limit] = readAll(operation.content).values as [Der, Der, Der, Der];
  const wanted = limit.content.readUIntBE(0, limit.content.length);
  return wanted === 0 ? Infinity : wanted;
}

function search({ entries, asked }: State, operation: Der): readonly DirectoryEntry[] {
  const [base, scope, , , , , filter] = readAll(operation.content).values;
  const top = (base as Der).content.toString();
  asked.push(`search ${describe(filter as Der)}`);
  if ((scope as Der).content[0] === 0) return entries.filter(({ dn }) => dn === top);
  return entries.filter(
    ({ dn, attributes }) =>
      dn.endsWith(`,${top}`) && ('ref' in attributes || matches(filter as Der, attributes)),
  );
}

function matches(filter: Der, attributes: DirectoryEntry['attributes']): boolean {
  const parts = readAll(filter.content).values;
  if (filter.tag === 0xa0) return parts.every((part) => matches(part, attributes));
  if (filter.tag === 0x87) return Object.hasOwn(attributes, filter.content.toString());
  const [name, value] =
    filter.tag === 0xa9
      ? [parts.find(({ tag }) => tag === 0x82), parts.find(({ tag }) => tag === 0x83)]
      : parts;
  const known = attributes[(name as Der).content.toString()];
  const wanted = (value as Der).content.toString().toLowerCase();
  return (Array.isArray(known) ? known : [known]).some((one) => String(one).toLowerCase() === wanted);
}

function describe(filter: Der): string {
  if (filter.tag === 0x87) return `(${filter.content.toString()}=*)`;
  const parts = readAll(filter.content).values;
  if (filter.tag === 0xa0) return `(&${parts.map(describe).join('')})`;
  return `(${parts.map(({ content }) => content.toString()).join('=')})`;
}

function attributesOf({ attributes }: DirectoryEntry): Buffer {
  const list = Object.entries(attributes).map(([name, value]) => {
    const values = Array.isArray(value) ? (value as readonly string[]) : [value as string | Buffer];
    return der(0x30, der(0x04, name), der(0x31, ...values.map((one) => der(0x04, one))));
  });
  return der(0x30, ...list);
}
