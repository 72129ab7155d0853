import type { Policy } from '#src/access/policy';
import { mapAllowedClaims, withAliases } from '#src/features/connections/mapping/allowed-claims';
import { mappingOf } from '#src/features/connections/mapping/mapping-of';

const listing = (...names: string[]): Policy => ({
  version: 1,
  rules: [],
  blacklist: names.map((name) => ({ scope: 'TENANT', scopeId: '', name })),
});

describe('blacklisted claims', () => {
  const saml = mappingOf('samlp', { family_name: ['surname', 'lastName'] });
  const claims = { user_id: '1', surname: 'Doe', lastName: 'Doe', given_name: 'Jane', gender: 'f' };

  it.each(['family_name', 'surname', 'lastName'])('D3 listing %s stops every claim that means it', (name) => {
    const { mapped, stripped } = mapAllowedClaims(
      saml,
      claims,
      listing(name.replace('lastName', 'last_name')),
      {},
    );
    expect(mapped.root).toEqual({ given_name: 'Jane' });
    expect(mapped.attributes).toEqual({ gender: 'f' });
    expect(stripped).toBe(2);
  });

  it('D2 a claim named by a URI is stripped, also where names are shortened', () => {
    const uri = 'https://acme.example/short_lived';
    for (const strategy of ['oidc', 'samlp']) {
      const mapping = mappingOf(strategy, { user_id: 'sub', attributes: {} });
      const { mapped, stripped } = mapAllowedClaims(
        mapping,
        { sub: '1', [uri]: 'v', kept: 1 },
        listing(uri),
        {},
      );
      expect([mapped.attributes, stripped]).toEqual([{ kept: 1 }, 1]);
    }
  });

  it('a nested name strips that member alone, in every element of a list', () => {
    const { mapped } = mapAllowedClaims(
      mappingOf('oidc', null),
      { sub: '1', address: { postal_code: '1', country: 'X' }, homes: [{ street: 'a', city: 'b' }] },
      listing('address.postal_code', 'homes.street'),
      {},
    );
    expect(mapped.attributes).toEqual({ address: { country: 'X' }, homes: [{ city: 'b' }] });
  });

  it('a claim that is taken instead of another is stopped by its own name alone', () => {
    const github = mappingOf('github', null);
    const sent = { id: 1, login: 'octo', name: 'Octo Cat' };
    expect(mapAllowedClaims(github, sent, listing('login'), {}).mapped.root).toEqual({ name: 'Octo Cat' });
    expect(mapAllowedClaims(github, sent, listing('name'), {}).mapped.root).toEqual({ nickname: 'octo' });
  });

  it('the id of the user is read although its claim is listed, and stored nowhere else', () => {
    const mapping = mappingOf('ad', null);
    const { mapped } = mapAllowedClaims(mapping, { uid: 'u1', cn: 'Jane' }, listing('uid', 'cn'), {});
    expect(mapped).toMatchObject({ userId: 'u1', root: {}, attributes: {} });
  });

  it('metadata that claims would be written to obeys the list as well', () => {
    const mapping = mappingOf('oidc', { 'app_metadata.ssn': 'number', 'app_metadata.plan': 'plan' });
    const sent = { sub: '1', number: '1-2', plan: 'gold' };
    for (const name of ['app_metadata.ssn', 'number']) {
      const { mapped } = mapAllowedClaims(mapping, sent, listing(name), {});
      expect([name, mapped.appMetadata, mapped.attributes]).toEqual([name, { plan: 'gold' }, {}]);
    }
  });

  it('another name of a listed claim is listed for the connections that map it, and for no other', () => {
    const connections = [
      { name: 'corp', mapping: mappingOf('ad', null) },
      { name: 'main', mapping: mappingOf('auth0', null) },
    ];
    const added = (scope: 'TENANT' | 'CONNECTION', scopeId: string, name: string) =>
      withAliases([{ scope, scopeId, name }], connections).slice(1);
    expect(added('TENANT', '', 'sn')).toEqual([
      { scope: 'CONNECTION', scopeId: 'corp', name: 'family_name' },
    ]);
    expect(added('CONNECTION', 'corp', 'surname')).toEqual([
      { scope: 'CONNECTION', scopeId: 'corp', name: 'family_name' },
    ]);
    expect(added('CONNECTION', 'other', 'surname')).toEqual([]);
    expect(added('TENANT', '', 'family_name')).toEqual([]);
  });
});
