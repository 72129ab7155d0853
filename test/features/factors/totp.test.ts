import { Secret } from 'otpauth';
import { matchingStep, newSeed, qrCode, totpUri } from '#src/features/factors/totp/totp';
import { randomIds } from '#src/shared/ids';
import { codeAt } from '#test/features/factors/support/code-at';

/** The seed of the test vectors in RFC 6238, appendix B. */
const seed = Secret.fromLatin1('12345678901234567890').base32;
const step = 30_000;

describe('codes of an authenticator app', () => {
  it.each([
    [59_000, '287082'],
    [1_111_111_109_000, '081804'],
    [1_234_567_890_000, '005924'],
    [20_000_000_000_000, '353130'],
  ])('at %d are those of RFC 6238', (now, code) => {
    expect(codeAt(seed, now)).toBe(code);
  });

  it('are taken one step early and late, and no further', () => {
    const now = 1_700_000_010_000;
    const at = Math.floor(now / step);
    const accepted = [-2, -1, 0, 1, 2].map((away) =>
      matchingStep(seed, codeAt(seed, now + away * step), now, null),
    );
    expect(accepted).toEqual([null, at - 1, at, at + 1, null]);
  });

  it('8.8 case 8: are refused a second time, and so are older ones', () => {
    const now = 1_700_000_010_000;
    const at = Math.floor(now / step);
    const code = codeAt(seed, now);
    expect(matchingStep(seed, code, now, at)).toBeNull();
    expect(matchingStep(seed, codeAt(seed, now - step), now, at)).toBeNull();
    expect(matchingStep(seed, codeAt(seed, now + step), now, at)).toBe(at + 1);
  });

  it.each(['', '12345', '1234567', '12345a', '١٢٣٤٥٦', '-12345', '1e5000'])('%j is none', (code) => {
    expect(matchingStep(seed, code, 0, null)).toBeNull();
  });

  it('may be typed with spaces', () => {
    expect(matchingStep(seed, '287 082', 59_000, null)).toBe(1);
  });
});

describe('a seed', () => {
  it('has 160 bits', () => {
    const made = newSeed(randomIds);
    expect(made).toMatch(/^[A-Z2-7]{32}$/);
    expect(made).not.toBe(newSeed(randomIds));
  });

  it('is read by apps from an address and a QR code without scripts', () => {
    const uri = totpUri(seed, { issuer: 'Gate & House', account: 'ada@example.com' });
    expect(uri).toMatch(/^otpauth:\/\/totp\/Gate%20%26%20House:ada%40example\.com\?/);
    expect(new URL(uri).searchParams.get('secret')).toBe(seed);
    const svg = qrCode(uri);
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    expect(svg).not.toMatch(/<script|href=|on\w+=/);
  });
});
