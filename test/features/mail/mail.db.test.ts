/**
 * @jest-environment node
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mailSection } from '#src/config/mail';
import { findMessage, type OutboxRow } from '#src/features/mail/outbox.repository';
import { startMail } from '#src/features/mail/mail.feature';
import type { Message } from '#src/features/mail/mail.service';
import {
  organizationInvitation,
  type OrganizationInvitationVariables,
} from '#src/features/mail/templates/organization-invitation';
import { findUnfinishedByKey } from '#src/jobs/job.repository';
import { stopBackground } from '#src/jobs/background';
import type { Jobs } from '#src/jobs/jobs';
import { sql } from '#src/storage/sql';
import type { Storage } from '#src/storage/store';
import { startMailServer, type TestMailServer } from '#test/features/mail/smtp-server';
import { callOf, givenNode, instant, TestClock } from '#test/jobs/support';
import { eachDatabase } from '#test/support/databases';

const ring = [{ kid: 'k1', key: Buffer.alloc(32, 1) }];
const secrets = { ring: () => ring };

eachDatabase('mail', (database) => {
  let storage: Storage;
  let clock: TestClock;
  let server: TestMailServer;

  beforeAll(async () => {
    storage = await database.open();
    server = await startMailServer();
  });
  beforeEach(() => {
    clock = new TestClock();
    server.received.length = 0;
    server.answer(null);
  });
  afterAll(() => server.close());

  const start = (
    settings: Record<string, unknown>,
    profile: 'development' | 'production' = 'production',
  ): { mail: ReturnType<typeof startMail>; node: Jobs } => {
    const mail = startMail({ mail: mailSection.parse(settings), profile }, secrets);
    return { mail, node: givenNode(storage, clock, mail.jobs ?? []) };
  };
  const send = (
    { mail }: ReturnType<typeof startMail>,
    message: Partial<Message<OrganizationInvitationVariables>> = {},
  ): Promise<{ id: string }> =>
    storage.open().transaction((store) =>
      mail.send(store, callOf(storage, clock), {
        to: 'bo@example.com',
        template: organizationInvitation,
        variables: {
          organizationName: 'Harbor',
          inviterName: null,
          invitationUrl: 'https://app.example/?invitation=ticket-4711',
          expiresAt: instant + 86_400_000,
        },
        ...message,
      }),
    );
  const read = async (id: string): Promise<OutboxRow> => (await findMessage(storage.open(), id)) as OutboxRow;
  const smtp = (): Record<string, unknown> => ({ smtpUrl: server.url, from: 'Gate <gate@example.org>' });

  it('is delivered after the change is committed, and its text is gone then', async () => {
    const { mail, node } = start(smtp());
    const { id } = await send(mail);
    const waiting = await read(id);
    expect(waiting).toMatchObject({ status: 'PENDING', recipient: 'bo@example.com' });
    expect(waiting.content).not.toContain('ticket');
    expect(server.received).toEqual([]);
    await node.runUntilIdle();
    expect(server.received).toHaveLength(1);
    const [{ from, to, data } = { from: '', to: [], data: '' }] = server.received;
    expect(from).toContain('<gate@example.org>');
    expect(to).toEqual(['<bo@example.com>']);
    expect(data).toContain(`Message-ID: <${id}@example.org>`);
    expect(data).toContain('Subject: You are invited to Harbor');
    expect(data.replaceAll('=\r\n', '')).toContain('ticket-4711');
    expect(await read(id)).toMatchObject({ status: 'SENT', content: null, finishedAt: clock.time });
    await stopBackground([mail]);
  });

  it('stands in no job, not even while it waits', async () => {
    const { mail, node } = start(smtp());
    await send(mail);
    const rows = await storage
      .open()
      .query<{ payload: unknown }>(sql`SELECT payload AS "payload" FROM jobs WHERE payload IS NOT NULL`, {
        payload: 'json',
      });
    expect(JSON.stringify(rows)).not.toMatch(/ticket|example\.com/);
    expect(await findUnfinishedByKey(storage.open(), 'none')).toBeNull();
    await node.runUntilIdle();
  });

  it('EX-02 waits while the mail server is away, and is delivered once under one Message-ID', async () => {
    const { mail, node } = start(smtp());
    const { id } = await send(mail);
    server.answer('451 try later');
    for (let minutes = 0; minutes < 10; minutes += 1) {
      await node.runUntilIdle();
      clock.advance(60);
    }
    expect(await read(id)).toMatchObject({ status: 'PENDING' });
    server.answer(null);
    clock.advance(300);
    await node.runUntilIdle();
    await node.runUntilIdle();
    expect(server.received).toHaveLength(1);
    expect(server.received[0]?.data).toContain(`Message-ID: <${id}@example.org>`);
  });

  it('EX-02 is dropped when its time is over', async () => {
    const { mail, node } = start(smtp());
    const { id } = await send(mail, { expiresAt: instant + 1_000 });
    clock.advance(2);
    await node.runUntilIdle();
    expect(server.received).toEqual([]);
    expect(await read(id)).toMatchObject({ status: 'EXPIRED', content: null });
  });

  it('that the server refuses for good is not tried again', async () => {
    const { mail, node } = start(smtp());
    const { id } = await send(mail);
    server.answer('550 no such user bo@example.com');
    await node.runUntilIdle();
    expect(await read(id)).toMatchObject({ status: 'FAILED', faultCode: 'MAIL_REFUSED', content: null });
  });

  it('becomes a file for its owner alone in development without a server', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'gatehouse-mail-'));
    const { mail, node } = start({ folder: join(folder, 'mail') }, 'development');
    const { id } = await send(mail);
    await node.runUntilIdle();
    const [name = ''] = readdirSync(join(folder, 'mail'));
    expect(name).toBe(`2026-01-15T12-00-00.000Z-${id}.eml`);
    expect(statSync(join(folder, 'mail', name)).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(folder, 'mail', name), 'utf8')).toContain('To: bo@example.com');
    rmSync(folder, { recursive: true });
  });

  it('is refused in production without a server, with the change that asked for it', async () => {
    const { mail } = start({});
    await expect(send(mail)).rejects.toMatchObject({ code: 'MAIL_NOT_CONFIGURED' });
  });

  it.each([
    ['to', { to: 'bo@example.com\r\nBcc: x@example.com' }],
    ['subject', { variables: { organizationName: 'A\r\nBcc: x@example.com' } }],
  ])('with a line break in its %s is refused', async (field, message) => {
    const { mail } = start(smtp());
    const variables = {
      inviterName: null,
      invitationUrl: 'https://app.example/',
      expiresAt: instant,
      organizationName: 'Harbor',
      ...('variables' in message ? message.variables : {}),
    };
    await expect(send(mail, { ...message, variables })).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
      extensions: { field },
    });
  });

  it('is forgotten some time after its end', async () => {
    const { mail, node } = start({ ...smtp(), retentionDays: 1 });
    const { id } = await send(mail);
    await node.runUntilIdle();
    clock.advance(86_401);
    await send(mail);
    await node.runUntilIdle();
    expect(await findMessage(storage.open(), id)).toBeNull();
    await stopBackground([mail]);
  });
});
