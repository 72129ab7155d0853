import { FieldMapCounter } from '#src/features/transfers/formats/field-map';
import { usualMapping, type KnownFormat } from '#src/features/transfers/formats/import-format';
import { mapRecord } from '#src/features/transfers/formats/map-record';

function mapOf(format: KnownFormat, records: readonly unknown[], options = {}): string[] {
  const counter = new FieldMapCounter();
  const map = (record: unknown) => mapRecord[format](record, { ...usualMapping, ...options });
  for (const record of records) {
    const before = JSON.stringify(record);
    counter.look(record, map(record), map);
    expect(JSON.stringify(record)).toBe(before);
  }
  return counter
    .done()
    .fields.map(({ source, target, rows }) => `${source} → ${target ?? 'dropped'} ${rows}`);
}

describe('where the fields of a source go', () => {
  it('Keycloak: a switch that says nothing now is told too, and members of lists are one field', () => {
    const records = ['a', 'b'].map((id) => ({
      ...{ id, username: `n${id}`, email: `${id}@example.com`, enabled: true, firstName: 'A', notBefore: 3 },
      attributes: { city: ['Kobe'] },
      realmRoles: ['x', 'y'],
    }));
    expect(mapOf('KEYCLOAK', records)).toEqual([
      'id → user_id 2',
      'username → username 2',
      'email → email 2',
      'enabled → blocked 2',
      'firstName → given_name 2',
      'firstName → name 2',
      'notBefore → dropped 2',
      'attributes.city[] → user_metadata.city 2',
      'realmRoles[] → roles 2',
    ]);
  });

  it('Cognito: attributes are told by their names; native hashes are the password', () => {
    const record = {
      Username: 'kim',
      Attributes: [
        { Name: 'sub', Value: 'id-1' },
        { Name: 'email', Value: 'kim@example.com' },
        { Name: 'cognito:x', Value: 'y' },
      ],
      UserStatus: 'CONFIRMED',
      Enabled: true,
    };
    expect(mapOf('COGNITO_JSON', [record])).toEqual([
      'Username → username 1',
      'Attributes[sub] → user_id 1',
      'Attributes[email] → email 1',
      'Attributes[cognito:x] → dropped 1',
      'UserStatus → dropped 1',
      'Enabled → blocked 1',
    ]);
    const native = {
      email: 'a@example.com',
      custom_password_hash: { algorithm: 'md5', hash: { value: 'x' } },
    };
    expect(mapOf('NATIVE', [native])).toEqual([
      'email → email 1',
      'custom_password_hash.algorithm → password 1',
      'custom_password_hash.hash.value → password 1',
    ]);
  });

  it('CSV: columns without a place are dropped, and kept when asked; rows that are left out count for nothing', () => {
    const row = { mail: 'a@example.com', town: 'Kobe', empty: '' };
    const mapping = { mail: 'email' };
    expect(mapOf('CSV', [row], { mapping })).toEqual(['mail → email 1', 'town → dropped 1']);
    expect(mapOf('CSV', [row], { mapping, keepUnmapped: true })).toContain('town → app_metadata.csv.town 1');
    expect(mapOf('KEYCLOAK', [{ username: 'robot', serviceAccountClientId: 'c' }, 7])).toEqual([]);
  });

  it('an account that only one of its fields lets in says so', () => {
    const account = { UID: 'u', isRegistered: true, profile: { email: 'a@example.com' } };
    expect(mapOf('GIGYA', [account])).toContain('isRegistered → (row) 1');
  });

  it('looks at 500 rows, 300 fields and never at a prototype', () => {
    const counter = new FieldMapCounter();
    const map = (record: unknown) => mapRecord.NATIVE(record, usualMapping);
    let looked = 0;
    while (counter.isOpen) {
      const row = JSON.parse(`{"email":"a","__proto__":{"admin":true},"k${looked}":1}`) as unknown;
      counter.look(row, map(row), map);
      looked += 1;
    }
    expect(looked).toBe(500);
    expect(counter.done().fields).toHaveLength(300);
    expect(({} as Record<string, unknown>)['admin']).toBeUndefined();
    expect(counter.done().fields.some(({ source }) => source.includes('__proto__'))).toBe(false);
  });
});
