import { connect, type Socket } from 'node:net';

/** "Go on with TLS" (RFC 4511 section 4.14.1): message 1, an extended request of that name. */
const startTlsRequest = Buffer.concat([
  Buffer.from([0x30, 0x1d, 0x02, 0x01, 0x01, 0x77, 0x18, 0x80, 0x16]),
  Buffer.from('1.3.6.1.4.1.1466.20037'),
]);
const longestAnswer = 4_096;

/** A socket to a directory over which TLS is to be spoken next. It is destroyed when the signal says so, whatever happens on it then. */
export async function openDirectorySocket(
  url: string,
  startTls: boolean,
  signal: AbortSignal,
): Promise<Socket> {
  const { hostname, port, protocol } = new URL(url);
  const usual = protocol === 'ldaps:' ? 636 : 389;
  const socket = connect({ host: hostOf(hostname), port: port === '' ? usual : Number(port) });
  const end = (): void => void socket.destroy(new Error('The directory took too long.'));
  signal.addEventListener('abort', end, { once: true });
  socket.once('close', () => signal.removeEventListener('abort', end));
  try {
    await happened(socket, 'connect');
    if (startTls) await askForTls(socket);
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

/** Without the brackets of an IPv6 address. */
export function hostOf(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '');
}

function happened(socket: Socket, event: 'connect' | 'readable'): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (error?: Error): void => {
      socket.off(event, settle).off('error', settle).off('close', closed);
      // Whatever comes later has nobody else to tell: it must not end the process.
      socket.on('error', () => undefined);
      if (error === undefined) resolve();
      else reject(error);
    };
    const closed = (): void => settle(new Error('The directory closed the connection.'));
    socket
      .once(event, () => settle())
      .once('error', settle)
      .once('close', closed);
  });
}

/**
 * SECURITY: StartTLS stripped, by a refusal, or an answer forged ahead of the handshake (the rest of a message that stands before the first
 * encrypted byte would be read together with it): nothing but one whole "yes" is taken.
 */
async function askForTls(socket: Socket): Promise<void> {
  socket.write(startTlsRequest);
  let answer = Buffer.alloc(0);
  for (;;) {
    await happened(socket, 'readable');
    for (let chunk = read(socket); chunk !== null; chunk = read(socket))
      answer = Buffer.concat([answer, chunk]);
    const message = elementAt(answer, 0);
    if (message !== null && message.end === answer.length) {
      if (message.tag === 0x30 && isYes(answer, message.start)) return;
      throw new Error('The directory does not go on with TLS.');
    }
    const isTooMuch = message === null ? answer.length > longestAnswer : answer.length > message.end;
    if (isTooMuch || (message !== null && message.end > longestAnswer))
      throw new Error('The directory said more than its answer before TLS.');
  }
}

function read(socket: Socket): Buffer | null {
  return socket.read() as Buffer | null;
}

/** Whether the message is an extended response (RFC 4511 section 4.12) to message 1 with the result 0. */
function isYes(bytes: Buffer, at: number): boolean {
  const id = elementAt(bytes, at);
  const response = id === null ? null : elementAt(bytes, id.end);
  const code = response === null ? null : elementAt(bytes, response.start);
  if (id === null || response === null || code === null) return false;
  const isFirst = id.tag === 0x02 && bytes.subarray(id.start, id.end).equals(Buffer.from([1]));
  const isSuccess = code.tag === 0x0a && bytes.subarray(code.start, code.end).equals(Buffer.from([0]));
  return isFirst && response.tag === 0x78 && isSuccess;
}

/** Where the value of an element of BER stands (X.690 section 8.1); null: its head is not complete, or has a length that LDAP does not use. */
function elementAt(bytes: Buffer, at: number): { tag: number; start: number; end: number } | null {
  const [tag, first] = [bytes[at], bytes[at + 1]];
  if (tag === undefined || first === undefined) return null;
  if (first < 0x80) return { tag, start: at + 2, end: at + 2 + first };
  const size = first & 0x7f;
  if (size === 0 || size > 4 || bytes.length < at + 2 + size) return null;
  return { tag, start: at + 2 + size, end: at + 2 + size + bytes.readUIntBE(at + 2, size) };
}
