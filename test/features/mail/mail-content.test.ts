import { checkedAddress, senderOf } from '#src/features/mail/mail-address';
import { contentOf, link, paragraph } from '#src/features/mail/mail-content';
import { openContent, sealContent } from '#src/features/mail/seal-content';
import { organizationInvitation } from '#src/features/mail/templates/organization-invitation';

const invitation = {
  organizationName: 'Harbor School',
  inviterName: 'Ada',
  invitationUrl: 'https://app.example/login?invitation=t1&organization=org_1',
  expiresAt: Date.UTC(2026, 4, 1, 12, 30),
};

describe('the content of a message', () => {
  it('says the same as text and as HTML', () => {
    const { subject, text, html } = contentOf(organizationInvitation.render(invitation));
    expect(subject).toBe('You are invited to Harbor School');
    for (const form of [text, html]) {
      expect(form).toContain('Ada invites you to join Harbor School.');
      expect(form).toContain('2026-05-01 12:30 UTC');
    }
    expect(text).toContain(invitation.invitationUrl);
    expect(html).toContain('href="https://app.example/login?invitation=t1&#38;organization=org_1"');
  });

  it('escapes every value in HTML', () => {
    const { html } = contentOf(
      organizationInvitation.render({ ...invitation, organizationName: `<img src=x onerror="a('b')">&` }),
    );
    expect(html).not.toMatch(/<img/);
    expect(html).toContain('&#60;img src=x onerror=&#34;a(&#39;b&#39;)&#34;&#62;&#38;');
  });

  it('lets no value lay out the message', () => {
    const { text } = contentOf({
      subject: 'x',
      blocks: [paragraph('one\r\n\r\nPay here:\nhttps://evil.example')],
    });
    expect(text).toBe('one Pay here: https://evil.example\n');
  });

  it.each(['a\r\nBcc: victim@example.com', 'a\nb', 'a\u2028b', 'a\0', ''])(
    'refuses the subject %j',
    (subject) => {
      expect(() => contentOf({ subject, blocks: [] })).toThrow(/one line/);
    },
  );

  it.each(['javascript:alert(1)', 'data:text/html,x', 'file:///etc/passwd'])('refuses the link %s', (url) => {
    expect(() => contentOf({ subject: 'x', blocks: [link('here', url)] })).toThrow(/web page/);
  });
});

describe('a mail address', () => {
  it.each(['a@example.com', 'jürgen@exämple.org', "o'hara+x@mail.example"])('%s is taken', (value) => {
    expect(checkedAddress('to', value)).toBe(value);
  });

  it.each([
    'a@example.com\r\nBcc: b@example.com',
    'a@example.com, b@example.com',
    'A <a@example.com>',
    'a@b@c',
    'a example.com',
    `${'x'.repeat(250)}@example.com`,
    '',
  ])('%j is refused', (value) => {
    expect(() => checkedAddress('to', value)).toThrow(/no single mail address/);
  });

  it('of the sender may carry a name', () => {
    expect(senderOf('Gatehouse <no-reply@example.com>')).toEqual({
      name: 'Gatehouse',
      address: 'no-reply@example.com',
    });
    expect(senderOf('no-reply@example.com')).toEqual({ name: '', address: 'no-reply@example.com' });
  });
});

describe('a sealed message', () => {
  const content = { subject: 's', text: 'ticket-4711', html: '<p>ticket-4711</p>' };
  const ring = [
    { kid: 'new', key: Buffer.alloc(32, 1) },
    { kid: 'old', key: Buffer.alloc(32, 2) },
  ];

  it('is opened by any key of the ring, for its own row alone', () => {
    const sealed = sealContent(ring, 'msg_1', content);
    expect(sealed).not.toContain('ticket');
    expect(openContent(ring, 'msg_1', sealed)).toEqual(content);
    expect(openContent(ring, 'msg_1', sealContent(ring.slice(1), 'msg_1', content))).toEqual(content);
    expect(() => openContent(ring, 'msg_2', sealed)).toThrow();
    expect(() => openContent(ring.slice(1), 'msg_1', sealed)).toThrow(/gone/);
  });
});
