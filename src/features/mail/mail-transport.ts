import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Transporter } from 'nodemailer';
import type { MailConfig } from '#src/config/mail';
import { isLoopbackHost } from '#src/config/origin';
import { toIso, type Instant } from '#src/shared/clock';
import { senderOf } from './mail-address';
import type { MailContent } from './mail-content';
import { mailErrors } from './mail.errors';

export interface OutgoingMail {
  /** Of the outbox row: the message's own id is made of it, so that a second delivery is recognised as the same message. */
  readonly id: string;
  readonly to: string;
  readonly date: Instant;
  readonly content: MailContent;
}

/** The way out of the house. Throws MAIL_SERVER_UNAVAILABLE, or MAIL_REFUSED when no further try can help. */
export interface MailTransport {
  deliver(mail: OutgoingMail): Promise<void>;
  close(): void;
}

function envelopeOf({ id, to, date, content }: OutgoingMail, from: string): Record<string, unknown> {
  const sender = senderOf(from);
  return {
    from: sender,
    to: { name: '', address: to },
    date: toIso(date),
    messageId: `<${id}@${sender.address.slice(sender.address.lastIndexOf('@') + 1)}>`,
    headers: { 'Auto-Submitted': 'auto-generated' },
    ...content,
    // SECURITY: content is text and nothing else; no value may make the library read a file or fetch an address.
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

export function smtpTransport({ smtpUrl, from, timeoutMs }: MailConfig): MailTransport {
  const { protocol, hostname, port, username, password } = new URL(smtpUrl.reveal());
  const isSecure = protocol === 'smtps:';
  let made: Transporter | null = null;
  const transporter = async (): Promise<Transporter> => {
    const { createTransport } = await import('nodemailer');
    return (made ??= createTransport({
      host: hostname,
      port: port === '' ? (isSecure ? 465 : 587) : Number(port),
      secure: isSecure,
      // SECURITY: a server in between could strip the offer of TLS and read tickets and the password.
      requireTLS: !isSecure && !isLoopbackHost(hostname),
      tls: { minVersion: 'TLSv1.2' },
      ...(username === ''
        ? {}
        : { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
      connectionTimeout: timeoutMs,
      greetingTimeout: timeoutMs,
      socketTimeout: timeoutMs,
      dnsTimeout: timeoutMs,
    }));
  };
  return {
    async deliver(mail) {
      try {
        await (await transporter()).sendMail(envelopeOf(mail, from));
      } catch (error) {
        throw deliveryError(error);
      }
    },
    close: () => made?.close(),
  };
}

/** SECURITY: what a mail server answers quotes addresses and sometimes the message: only its numbers are kept. */
function deliveryError(error: unknown): Error {
  const { responseCode, code } = error as { responseCode?: number; code?: string };
  const cause = { responseCode, code };
  // RFC 5321 4.2.1: a reply that begins with 5 is permanent. A refused sign-in is the operator's, who may yet mend it.
  const isPermanent = responseCode !== undefined && responseCode >= 500 && code !== 'EAUTH';
  return isPermanent ? mailErrors.MAIL_REFUSED({ cause }) : mailErrors.MAIL_SERVER_UNAVAILABLE({ cause });
}

/** For development: each message becomes a file, named after its time and its id, for its owner alone. */
export function folderTransport({ folder, from }: Pick<MailConfig, 'folder' | 'from'>): MailTransport {
  return {
    async deliver(mail) {
      const { createTransport } = await import('nodemailer');
      const writer = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });
      const { message } = await writer.sendMail(envelopeOf(mail, from));
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const name = `${toIso(mail.date).replaceAll(':', '-')}-${mail.id}.eml`;
      const draft = join(folder, `.${name}.new`);
      await writeFile(draft, message as Buffer, { mode: 0o600 });
      await rename(draft, join(folder, name));
    },
    close: () => undefined,
  };
}
