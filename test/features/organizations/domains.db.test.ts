import { checkedDomain, verificationHost } from '#src/features/organizations/domains/domain-name';
import { proveTxt } from '#src/features/organizations/domains/look-up-txt';
import { eachDatabase } from '#test/support/databases';
import { Gateway, type Json } from '#test/features/roles/support/gateway';

const fields = 'id domain status useForOrganizationDiscovery verificationTxt verificationHost lastCheckedAt';
const create = `mutation($i: CreateOrganizationDomainInput!) { createOrganizationDomain(input: $i) { domain { ${fields} } } }`;
const verify = `mutation($id: ID!) { verifyOrganizationDomain(input: { id: $id }) { problem domain { status verifiedAt } } }`;

describe('names of mail domains', () => {
  test.each([
    ['Example.COM.', 'example.com'],
    [' müller.example ', 'xn--mller-kva.example'],
    ['mail.acme.co.uk', 'mail.acme.co.uk'],
  ])('%j is stored as %s', (text, domain) => {
    expect(checkedDomain(text)).toBe(domain);
  });

  test.each([
    '',
    'localhost',
    '10.0.0.1',
    'a b.example',
    'co.uk',
    'github.io',
    'user@example.com',
    '-a.example',
  ])('refuses %j', (text) => {
    expect(() => checkedDomain(text)).toThrow(
      expect.objectContaining({ code: 'BAD_USER_INPUT', extensions: { field: 'domain' } }),
    );
  });
});

describe('the proof by a TXT record', () => {
  const fault = (code: string) => () => Promise.reject(Object.assign(new Error('no'), { code }));

  test.each([
    ['PROVEN', () => Promise.resolve([['other'], ['val', 'ue']])],
    ['OTHER_VALUE', () => Promise.resolve([['values']])],
    ['NO_RECORD', () => Promise.resolve([])],
    ['NO_RECORD', fault('ENOTFOUND')],
    ['NO_ANSWER', fault('ESERVFAIL')],
  ])('is %s', async (proof, lookUp) => {
    expect(await proveTxt(lookUp, 'host', 'value', 1_000)).toBe(proof);
  });

  test('is given up when the DNS keeps silent', async () => {
    expect(await proveTxt(() => new Promise(() => undefined), 'host', 'value', 1)).toBe('NO_ANSWER');
  });
});

eachDatabase('mail domains of organizations', (database) => {
  let gateway: Gateway;
  const records = new Map<string, string>();
  const asked: string[] = [];

  beforeAll(async () => {
    gateway = await Gateway.open(database, {
      organizations: { maxDomains: 2 },
      lookUpTxt: (host) => {
        asked.push(host);
        const value = records.get(host);
        return Promise.resolve(value === undefined ? [] : [[value]]);
      },
    });
  });

  const given = async (organizationId: string, domain: string): Promise<Json> =>
    (await gateway.ok(create, { variables: { i: { organizationId, domain } } })).createOrganizationDomain
      .domain;
  const discovered = async (email: string): Promise<string[]> =>
    (await gateway.organizations.domains.discover(gateway.storage.open(), email)).map(({ name }) => name);

  test('a domain counts when the DNS has proven it, and for each organization that proves it', async () => {
    const [one, two] = [
      await gateway.givenOrganization('dns-one'),
      await gateway.givenOrganization('dns-two'),
    ];
    const first = await given(one, 'Acme.example');
    expect(first).toMatchObject({
      domain: 'acme.example',
      status: 'PENDING',
      useForOrganizationDiscovery: true,
      verificationHost: verificationHost('acme.example'),
      lastCheckedAt: null,
    });
    const missing = await gateway.ok(verify, { variables: { id: first.id } });
    expect(missing.verifyOrganizationDomain).toMatchObject({
      problem: expect.stringContaining('_gatehouse-challenge.acme.example'),
      domain: { status: 'PENDING', verifiedAt: null },
    });
    expect(asked).toContain('_gatehouse-challenge.acme.example');
    expect(await discovered('ann@acme.example')).toEqual([]);
    records.set(first.verificationHost, first.verificationTxt);
    const proven = await gateway.ok(verify, { variables: { id: first.id } });
    expect(proven.verifyOrganizationDomain).toMatchObject({ problem: null, domain: { status: 'VERIFIED' } });
    expect(await discovered('Ann@ACME.example')).toEqual(['dns-one']);
    expect(await discovered('ann@mail.acme.example')).toEqual([]);

    const second = await given(two, 'acme.example');
    expect(second.verificationTxt).not.toBe(first.verificationTxt);
    const stolen = await gateway.ok(verify, { variables: { id: second.id } });
    expect(stolen.verifyOrganizationDomain.domain.status).toBe('PENDING');
    records.set(second.verificationHost, second.verificationTxt);
    await gateway.ok(verify, { variables: { id: second.id } });
    expect(await discovered('ann@acme.example')).toEqual(['dns-one', 'dns-two']);

    await gateway.ok(
      'mutation($id: ID!) { updateOrganizationDomain(input: { id: $id, useForOrganizationDiscovery: false }) { domain { id } } }',
      { variables: { id: first.id } },
    );
    expect(await discovered('ann@acme.example')).toEqual(['dns-two']);
    await gateway.ok('mutation($id: ID!) { deleteOrganizationDomain(input: { id: $id }) { deletedId } }', {
      variables: { id: second.id },
    });
    expect(await discovered('ann@acme.example')).toEqual([]);
  });

  test('1.8-18 the same domain twice is refused, and one above the limit', async () => {
    const organizationId = await gateway.givenOrganization('many-domains');
    await given(organizationId, 'a.example');
    const run = (domain: string) => gateway.run(create, { variables: { i: { organizationId, domain } } });
    expect((await run('A.example')).errors[0]).toMatchObject({
      code: 'CONFLICT',
      extensions: { field: 'domain' },
    });
    await given(organizationId, 'b.example');
    expect((await run('c.example')).errors[0]).toMatchObject({
      code: 'LIMIT_EXCEEDED',
      extensions: { limit: 2, current: 3 },
    });
    const { organization } = await gateway.ok(
      'query($id: ID!) { organization(id: $id) { domains(first: 1) { totalCount nodes { domain } pageInfo { hasNextPage } } } }',
      { variables: { id: organizationId } },
    );
    expect(organization.domains).toEqual({
      totalCount: 2,
      nodes: [{ domain: 'a.example' }],
      pageInfo: { hasNextPage: true },
    });
  });

  test('a domain of another organization is answered like one that does not exist', async () => {
    const home = await gateway.givenOrganization('domain-home');
    const { id } = await given(await gateway.givenOrganization('domain-abroad'), 'abroad.example');
    const as = { organizationId: home };
    const foreign = await gateway.run(verify, { as, variables: { id } });
    const missing = await gateway.run(verify, { as, variables: { id: 'dom_none' } });
    expect(foreign.errors).toEqual(missing.errors);
    expect(foreign.errors[0]?.code).toBe('NOT_FOUND');
  });
});
