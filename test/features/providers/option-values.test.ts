import {
  certificateProblem,
  directoryUrlProblem,
  outboundUrlProblem,
} from '#src/features/providers/settings/option-values';

/** Self-signed, made for these tests alone. */
const certificate = `-----BEGIN CERTIFICATE-----
MIIDDzCCAfegAwIBAgIUQ3o5NG+RdOZKcvlPJaKiZwn3bwIwDQYJKoZIhvcNAQEL
BQAwFjEUMBIGA1UEAwwLaWRwLmV4YW1wbGUwIBcNMjYxMTMwMDEzOTU2WhgPMjEy
NjExMDYwMTM5NTZaMBYxFDASBgNVBAMMC2lkcC5leGFtcGxlMIIBIjANBgkqhkiG
9w0BAQEFAAOCAQ8AMIIBCgKCAQEAzeEgmo5ZAZxcCwi626JfsowchgA7e1cDL9s/
M8JheOUO2/QbZ01NfxzlacGAerFl4rbOuRzM3q7jw2qUR3PMHS5zsFQb4YvDAsNq
FLf02AznodP4fmFUNA8g/m3/RdaILauuWaydwme4GAivNYLJ5zpp6FFaoGHYjABH
md2KQ8gonv9QRwQHP4ap/sbJdZFs7APrnVqZgJ05anScQU07lJkVy4Fu6XjaMV7H
JAqc8wXsG7HIcfBT7nKD4Z6MiByeGc5AbxBlt5CPZ8mxQJHpu/0DLwFJpnfmxHNk
7Usf6d5Th8vpIQdXG9yWbY2/PDSy5RyuLvhxV210g2JWbG7YzQIDAQABo1MwUTAd
BgNVHQ4EFgQUdB05e8v9/kqKl3dCPhR6R2WzOGswHwYDVR0jBBgwFoAUdB05e8v9
/kqKl3dCPhR6R2WzOGswDwYDVR0TAQH/BAUwAwEB/zANBgkqhkiG9w0BAQsFAAOC
AQEACz977pHjUpB/NZPjLXRqS60WKFR/edOMQ9BVy9DnRTM03XcK+4HpS+fCDcbe
3oMg7Lh7R4RcHDTaFg8AA+/6skB/zOFy+lQOCejU0pzKAyyYDY6gwuYbTdCWAgpG
JuZy+wYWw16nfHPt7sWKqHgUfI2G5OadWKz8PdXrZsXnSYJOnCBWexU0nIPWwhfg
QmcycApajSRdvTNtUfFSbNUdK737zUo8Uc7yPC0VuKghg/hgn0Sq9sMUBl5lSL4S
yFDmiC1jh2Xrv+LMHyqF4wO97J0qjBChIqF/WoD19qfQ/Y9ytsvvBb3b1DIWzAqf
01u0KBkhePz4k218uw5TfU6WKA==
-----END CERTIFICATE-----`;

describe('values of options', () => {
  it('takes a certificate in PEM, and nothing that only looks like one', () => {
    expect(certificateProblem(certificate)).toBeNull();
    expect(certificateProblem(certificate.replace('MII', 'AAA'))).toBe('is not a certificate in PEM');
    expect(certificateProblem('-----BEGIN PRIVATE KEY-----')).toContain('private key');
    expect(certificateProblem('x'.repeat(65_537))).toContain('longer');
  });

  it.each([
    ['https://id.example.com/realm', null],
    ['http://127.0.0.1:4001', null],
    ['http://id.example.com', 'uses http off loopback; use https'],
    ['//id.example.com', 'is not an absolute https URL'],
    ['javascript:alert(1)', 'is not an absolute https URL'],
    ['https://id.example.com/#x', 'has a fragment'],
    ['https:\\\\id.example.com', 'holds a backslash'],
  ])('an address of a provider: %s', (url, problem) => {
    expect(outboundUrlProblem(url)).toBe(problem);
  });

  it.each([
    ['ldaps://directory.example.com', null],
    ['ldap://127.0.0.1:3890', null],
    ['ldaps://directory.example.com/dc=x', 'must end behind the host and port'],
    ['https://directory.example.com', 'is not an address such as ldaps://directory.example.com'],
  ])('an address of a directory: %s', (url, problem) => {
    expect(directoryUrlProblem(url)).toBe(problem);
  });
});
