import { z } from 'zod';
import { integer, secretText, text } from './setting';

/** Stands for a mail server that is not set. */
export const noServer = 'none';

export const mailSection = z.strictObject({
  smtpUrl: secretText({
    default: noServer,
    allowed: `smtp://user:password@host:587, smtps://… or ${noServer}`,
    check: (value) => (value === noServer || isServer(value) ? null : 'is no URL of a mail server'),
    description:
      'The server that takes mail for delivery. Without it messages become files in development, and are refused in production.',
  }),
  from: text({
    default: 'Gatehouse <no-reply@localhost>',
    allowed: 'name@example.com or Name <name@example.com>',
    check: (value) =>
      /^(?:[^<>"\p{Cc}]+ <[^\s<>"@,;\p{Cc}]+@[^\s<>"@,;\p{Cc}]+>|[^\s<>"@,;\p{Cc}]+@[^\s<>"@,;\p{Cc}]+)$/u.test(
        value,
      )
        ? null
        : 'is no mail address',
    description: 'The sender of all messages.',
  }),
  folder: text({
    default: './data/mail',
    allowed: 'the path of a folder',
    description: 'Where messages become `.eml` files in development without a mail server.',
  }),
  timeoutMs: integer({
    default: 10_000,
    min: 500,
    max: 120_000,
    description: 'How long the mail server may take for each step, in milliseconds.',
  }),
  deliveryHours: integer({
    default: 24,
    min: 1,
    max: 168,
    description: 'How long delivery of a message is tried before it is dropped.',
  }),
  retentionDays: integer({
    default: 30,
    min: 1,
    max: 3_650,
    description: 'Days that the record of a message (never its text) is kept after its delivery.',
  }),
});

export type MailConfig = Readonly<z.output<typeof mailSection>>;

function isServer(value: string): boolean {
  try {
    const { protocol, hostname } = new URL(value);
    return ['smtp:', 'smtps:'].includes(protocol) && hostname !== '';
  } catch {
    return false;
  }
}
