import { assuranceOf } from '#src/features/sessions/minting/proven-user';

describe('the assurance of a session', () => {
  it.each([
    ['pwd', 'AAL1'],
    ['otp', 'AAL1'],
    ['federated', 'AAL1'],
    ['email_link', 'AAL1'],
    ['unheard_of', 'AAL1'],
    ['pwd otp', 'AAL2'],
    ['pwd webauthn', 'AAL2'],
    ['pwd recovery', 'AAL2'],
    ['federated otp', 'AAL2'],
    ['pwd email_link', 'AAL1'],
    ['otp webauthn', 'AAL1'],
    ['pwd federated', 'AAL1'],
    ['pwd pwd', 'AAL1'],
  ])('by %s is %s', (names, assurance) => {
    const methods = names.split(' ').map((name) => ({ name, timestamp: 1, connection: null }));
    expect(assuranceOf(methods)).toBe(assurance);
  });

  it('is AAL2 by one method that is two factors', () => {
    const method = { timestamp: 1, connection: null, isMultiFactor: true } as const;
    expect(assuranceOf([{ ...method, name: 'webauthn' }])).toBe('AAL2');
    expect(assuranceOf([{ ...method, name: 'federated' }])).toBe('AAL2');
  });
});
