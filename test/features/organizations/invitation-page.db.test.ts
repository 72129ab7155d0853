import { eachDatabase } from '#test/support/databases';
import { Gateway, type Json } from '#test/features/roles/support/gateway';

const invite = `mutation($i: InviteMembersInput!) { inviteMembers(input: $i) { invitations { ticketId invitationUrl invitation { id } } } }`;
const resend = `mutation($id: ID!) { resendInvitation(input: { id: $id }) { invitation { invitationUrl } } }`;

eachDatabase('where invitations lead', (database) => {
  let gateway: Gateway;

  beforeAll(async () => {
    gateway = await Gateway.open(database);
  });

  const inputFor = (organizationId: string, email: string, more: Record<string, unknown> = {}) => ({
    organizationId,
    inviter: { name: 'Ann' },
    invitees: [{ email }],
    ...more,
  });
  const given = async (id: string, email: string, more: Record<string, unknown>): Promise<Json> =>
    (await gateway.ok(invite, { variables: { i: inputFor(id, email, more) } })).inviteMembers.invitations[0];

  test('an invitation that names an application leads to its page, which must be enabled and have one', async () => {
    const id = await gateway.givenOrganization('by-application');
    const create =
      'mutation($i: CreateApplicationInput!) { createApplication(input: $i) { application { id } } }';
    const made = async (name: string, more: Record<string, unknown>): Promise<string> =>
      (await gateway.ok(create, { variables: { i: { name, type: 'SINGLE_PAGE', ...more } } }))
        .createApplication.application.id;
    const initiateLoginUri = 'https://shop.example/start?to=join';
    const clientId = await made('Shop', { initiateLoginUri });
    const { ticketId, invitationUrl, invitation } = await given(id, 'app@example.com', { clientId });
    const url = new URL(invitationUrl);
    expect([
      url.origin + url.pathname,
      url.searchParams.get('to'),
      url.searchParams.get('invitation'),
    ]).toEqual(['https://shop.example/start', 'join', ticketId]);
    const wrong = [
      'app_none',
      await made('Closed', { initiateLoginUri, isEnabled: false }),
      await made('Pageless', {}),
    ];
    const answers = [];
    for (const each of wrong) {
      const i = inputFor(id, 'app@example.com', { clientId: each });
      answers.push((await gateway.run(invite, { variables: { i } })).errors);
    }
    expect(answers[0]).toMatchObject([{ code: 'BAD_USER_INPUT', extensions: { field: 'clientId' } }]);
    expect(answers).toEqual([answers[0], answers[0], answers[0]]);
    const update =
      'mutation($i: UpdateApplicationInput!) { updateApplication(input: $i) { application { id } } }';
    await gateway.ok(update, { variables: { i: { id: clientId, isEnabled: false } } });
    gateway.clock.at += 60_000;
    const { errors } = await gateway.run(resend, { variables: { id: invitation.id } });
    expect(errors[0]).toMatchObject({ code: 'BAD_USER_INPUT', extensions: { field: 'clientId' } });
  });

  test('nobody can be invited while there is no page to lead to', async () => {
    const id = await gateway.givenOrganization('pageless');
    const { errors } = await gateway.run(invite, { variables: { i: inputFor(id, 'p@example.com') } });
    expect(errors[0]).toMatchObject({ code: 'BAD_USER_INPUT', extensions: { field: 'clientId' } });
  });
});
