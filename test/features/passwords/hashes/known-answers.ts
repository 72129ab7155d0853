/** A hash that another program made, and the password that it belongs to. */
export interface KnownAnswer {
  readonly name: string;
  readonly password: string;
  /** As an import gives it. */
  readonly value: unknown;
}

export const ours = 'Corr3ct-h0rse';

const raw = (algorithm: string, hex: string, rest: object = {}): object => ({
  algorithm,
  hash: { value: hex, encoding: 'hex' },
  ...rest,
});
const keyed = (hex: string, digest: string): object => ({
  algorithm: 'hmac',
  hash: { value: hex, encoding: 'hex', digest, key: { value: 'key' } },
});
const prefix = { salt: { value: 'abc123', position: 'prefix' } };
const suffix = { salt: { value: 'abc123', position: 'suffix' } };
const text = (name: string, value: string, password = ours): KnownAnswer => ({ name, password, value });

/** migration.md 2.4, and the same password through OpenSSL 3, glibc and Python's hashlib. */
const computed: readonly KnownAnswer[] = [
  { name: 'md4', password: ours, value: raw('md4', '375b4351c1a0b04bf0ebbeb76d6b73fe') },
  { name: 'md5, salt before', password: ours, value: raw('md5', 'd369db85965a0fb089bd0226c2e04ea4', prefix) },
  {
    name: 'sha1, salt before',
    password: ours,
    value: raw('sha1', '1eec323a50e921003264796dc6ecc03919d5ec7f', prefix),
  },
  {
    name: 'sha256, salt before',
    password: ours,
    value: raw('sha256', 'ec3bc5737807932dcba29041d57404b297c2e6dc2d67a42a756f0c90345deb5a', prefix),
  },
  {
    name: 'sha512, salt behind',
    password: ours,
    value: raw(
      'sha512',
      'eb350fb6dbc74811d5e5c027b8bdf06d819e88502efa54865be244469e2a0891c7e13f8e3041a376104cb3a10dc60fc8f9c9addc78cb8856a775b0afdda793d0',
      suffix,
    ),
  },
  {
    name: 'hmac-sha256',
    password: ours,
    value: {
      algorithm: 'hmac',
      hash: {
        value: '99qIIaRR8lS7af9/MplOrUQ1gWxKsMhQTWwCUC0Icco=',
        encoding: 'base64',
        digest: 'sha256',
        key: { value: '6b6579', encoding: 'hex' },
      },
    },
  },
  {
    name: 'hmac-whirlpool',
    password: ours,
    value: keyed(
      'd171bf04635fbae6686c792c3413cc0729448a7ab4816a2dd79a04d6e4a4df57c50bc67bb1e2e8f82046003bfa19837fa33f06edffdef0807708a52f849bc61d',
      'whirlpool',
    ),
  },
  { name: 'hmac-md4', password: ours, value: keyed('9c2890f5bfc0b52294317063ced4529d', 'md4') },
  text('ldap {MD5}', '{MD5}nIpUF1ImaZmzZPoJf7ccMA=='),
  text('ldap {SHA}', '{SHA}pADJ2Wwj/QPOuVvhzGATnbAONCY='),
  text('ldap {sha256}', '{sha256}JUQkxFijLOrIqac5XDnxTgwCHDONE0HfEgo0fRzuIfk='),
  text('ldap {SHA384}', '{SHA384}ZmhhQukdhAZjbDSOnI4jDIVwf+6mWyrlZxJTVFEG51oU+mbAzATW/2HLfionvdgY'),
  text(
    'ldap {SHA512}',
    '{SHA512}8mxkpHz1jkXIF5aNT5yIS4PyzxVlXYx87tqqyaJY3sHiFCFTI2ISxHLUd5+1VTMxRVJC5G9TpEPl5chcWlSCzQ==',
  ),
  text('ldap {SMD5}', '{SMD5}cOaObzQkH5GPvRTiN6B6ynNhbHRzYWx0'),
  text('ldap {SSHA}', '{SSHA}/IQ1vaDppstCs0Ps3+Rpd/ho1HBzYWx0c2FsdA=='),
  text('ldap {SSHA256}', '{SSHA256}dCmwFxh+5M+K6SU2A5vauN+2UiqOt6XV1WqBm3wOcQpzYWx0c2FsdA=='),
  text(
    'ldap {SSHA384}',
    '{SSHA384}+dY3m8NbYY4CtMLrKOP4EAQuKlzb6J4Lp3qaBGFOZ8kOnccYCEUAkhgdpp0aaRYIc2FsdHNhbHQ=',
  ),
  text(
    'ldap {SSHA512}',
    '{SSHA512}vzv2lO1yaKIMq/5emwEcT562peQoGB8CmfhBOMEK2hd+q1oC1CBuGVQOG1KkvaPH9DUy+vGHihGTf85b/hrhuXNhbHRzYWx0',
  ),
  text('pbkdf2-sha512', '$pbkdf2-sha512$i=1000,l=20$Z2F0ZXdheS1zYWx0LTAxIQ$InpbV/8SIOJIm9rccmBOH/cxcg0'),
  text(
    'pbkdf2 with an alias',
    '$pbkdf2-RSA-SHA512$l=20,i=1000$Z2F0ZXdheS1zYWx0LTAxIQ$InpbV/8SIOJIm9rccmBOH/cxcg0',
  ),
  text('pbkdf2-whirlpool', '$pbkdf2-whirlpool$i=1000,l=20$Z2F0ZWhvdXNl$t4qtHHb+hGmv93uQtP+4tY2p7Yo'),
  text('pbkdf2-md4', '$pbkdf2-md4$i=1000,l=20$Z2F0ZWhvdXNl$MNw2vH6Xfac/29C/MkvI578M/Lk'),
  {
    name: 'scrypt',
    password: ours,
    value: raw('scrypt', '0baefb6481d34c2263d03fe84a53e6d4914e0a2b27042363bff9998fb6da4a1c', {
      ...{ salt: { value: 'abc123' }, keylen: 32, cost: 4096 },
    }),
  },
  text('stormpath2', '$stormpath2$MD5$3$c3Qtc2FsdA==$So3M2xxbKAYr0tZKiVIDoQ=='),
  text(
    'Firebase scrypt',
    '$firescrypt$ln=10,r=8,p=1$ZmItc2FsdC0wMQ==$biwvLOO+5gOsu9qxF0UadPn32GFds2IS1t+z8C4LGNZQr4jbbGRhtyNxCw3e34qf2ke2onKvVrBtocAaztCnkQ==$Bw==$AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+Pw==',
  ),
  text('bcrypt of glibc', '$2b$04$abcdefghijklmnopqrstuutsdgH2xql1sMk8uX0oTy4Mcnryjuq4i'),
  text('md5-crypt', '$1$gatehous$I1tj3GSFpLX89HQS98AOR1'),
  text('apr1', '$apr1$gatehous$qoZS.ll.BDeuxJs01bHaS0'),
  text('sha256-crypt', '$5$gatehouse$QfOoGiKSz35CelNx0AxQJqZ8BrYpIBgA85ztnbIJCt4'),
  text('sha256-crypt, 1,000 rounds', '$5$rounds=1000$saltsalt$m9/XyyemIjodTAFXcE95csTPl17X5uhTZ2zXcJ1rILD'),
  text(
    'sha512-crypt',
    '$6$gatehouse$Zl6rk77emAVzoVvH5C6uVdtfrn0WLLsXq01rMlaSnJQL0aiCkMuy/0CHtXVdSChIKN8kTT7yKEsCovPAbYsI00',
  ),
  text(
    'sha512-crypt, 80 bytes',
    '$6$rounds=1001$abc$iV1JMlRnqyubjBsv4.F8sij2AfmItZ/SqT6LNYJ2RCd1vcIgoWtuuPfHIEuIJKk1USFRASWWzXR2z92sO08.H/',
    'ü'.repeat(40),
  ),
  text(
    'sha256-crypt, 80 bytes, salt of 16',
    '$5$rounds=1001$abcdefghijklmnop$kGSDCgP4N2aR9M6LQz1ylYEj7MEdfafD/vcHnfGsk.B',
    'ü'.repeat(40),
  ),
];

/** Published by the makers of the algorithms or with other programs. */
const published: readonly KnownAnswer[] = [
  // John the Ripper, crypt_blowfish.
  text('bcrypt $2a$', '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW', 'U*U'),
  text('bcrypt $2y$', '$2y$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW', 'U*U'),
  text(
    'bcrypt, more than 72 bytes',
    '$2a$05$abcdefghijklmnopqrstuu5s2v8.iXieOjg/.AySBTTZIIVFJeBui',
    '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789chars after 72 are ignored',
  ),
  // P-H-C/phc-winner-argon2, src/test.c.
  text(
    'argon2i, version 16',
    '$argon2i$m=256,t=2,p=1$c29tZXNhbHQ$/U3YPXYsSb3q9XxHvc0MLxur+GP960kN9j7emXX8zwY',
    'password',
  ),
  text(
    'argon2i',
    '$argon2i$v=19$m=256,t=2,p=2$c29tZXNhbHQ$T/XOJ2mh1/TIpJHfCdQan76Q5esCFVoT5MAeIM1Oq2E',
    'password',
  ),
  // Ory Kratos.
  text('argon2id', '$argon2id$v=19$m=32,t=2,p=4$cm94YnRVOW5jZzFzcVE4bQ$MNzk5BtR2vUhrp6qQEjRNw', 'test'),
  text(
    'pbkdf2-sha256',
    '$pbkdf2-sha256$i=100000,l=32$1jP+5Zxpxgtee/iPxGgOz0RfE9/KJuDElP1ley4VxXc$QJxzfvdbHYBpydCbHoFg3GJEqMFULwskiuqiJctoYpI',
    'test',
  ),
  text(
    'scrypt with N for ln',
    '$scrypt$ln=16384,r=8,p=1$2npRo7P03Mt8keSoMbyD/tKFWyUzjiQf2svUaNDSrhA=$MiCzNcIplSMqSBrm4HckjYqYhaVPPjTARTzwB1cVNYE=',
    'test',
  ),
  text(
    'scrypt with the logarithm',
    '$scrypt$ln=14,r=8,p=1$2npRo7P03Mt8keSoMbyD/tKFWyUzjiQf2svUaNDSrhA=$MiCzNcIplSMqSBrm4HckjYqYhaVPPjTARTzwB1cVNYE=',
    'test',
  ),
  text(
    'firescrypt',
    '$firescrypt$ln=14,r=8,p=1$sPtDhWcd1MfdAw==$xbSou7FOl6mChCyzpCPIQ7tku7nsQMTFtyOZSXXd7tjBa4NtimOx7v42Gv2SfzPQu1oxM2/k4SsbOu73wlKe1A==$Bw==$YE0dO4bwD4JnJafh6lZZfkp1MtKzuKAXQcDCJNJNyeCHairWHKENOkbh3dzwaCdizzOspwr/FITUVlnOAwPKyw==',
    '8x4WjoDbSxJZdR',
  ),
  text('{SSHA} with a salt of four bytes', '{SSHA}JFZFs0oHzxbMwkSJmYVeI8MnTDy/276a', 'test123'),
  text('md5', '$md5$CY9rzUYh03PK3k6DJie09g==', 'test'),
  text(
    'md5 with a template',
    '$md5$pf=e1BBU1NXT1JEfXtTQUxUfSQ/$MTIzNDU2Nzg5$8PhwWanVRnpJAFK4NUjR0w==',
    'ory',
  ),
  text(
    'sha1 with a template',
    '$sha1$pf=JHtQQVNTV09SRH0ke1NBTFR9JA==$NW9wbWtnejAzcg==$iE5n1yjX3oAdxRHwZ4u57I4LpQo=',
    'test',
  ),
  text(
    'sha256 with a template',
    '$sha256$pf=e1NBTFR9JCR7UEFTU1dPUkR9$NW9wbWtnejAzcg==$HokCOi9OtiZaZRvnkgemV3B4UUHpI7kA8zq/EZWH2NY=',
    'test',
  ),
  text('md5-crypt by name', '$md5-crypt$TVEiiKNb$SN6/pUaRQS/E8Jh46As2C/', 'test'),
  text('md5-crypt without salt', '$md5-crypt$$whuMjZj.HMFoaTaZRRtkO0', 'test'),
  // Drepper, "Unix crypt using SHA-256 and SHA-512".
  text(
    'sha256-crypt by Drepper',
    '$5$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5',
    'Hello world!',
  ),
  text(
    'sha512-crypt by Drepper',
    '$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1',
    'Hello world!',
  ),
  // phpass 0.3 and hashcat's examples.
  text('phpass $P$', '$P$9IQRaTwmfeRo7ud9Fh4E2PdI0S3r.L0', 'test12345'),
  text('phpass $H$', '$H$984478476IagS59wHZvyQMArzfx58u.', 'hashcat'),
  text('Drupal 7', '$S$C33783772bRXEx1aCsvY.dqgaaSu76XmVlKrW9Qu8IQlvxHlmzLf', 'hashcat'),
  text('Django', 'pbkdf2_sha256$20000$H0dPx8NeajVu$GiC4k5kqbbR9qWBlsRgDywNqC2vd9kqfk7zdorEnNas=', 'hashcat'),
  text(
    'passlib',
    '$pbkdf2-sha256$6400$0ZrzXitFSGltTQnBWOsdeA$xS3upr62e29h9/zIrz.USU3saLoax9c4c5xTWMHer.Y',
    'password',
  ),
];

/** The same password in the forms of other systems, through Python's hashlib and glibc. */
const forms: readonly KnownAnswer[] = [
  text(
    'Werkzeug scrypt',
    'scrypt:1024:8:1$gatehouse$a52da81648ac8ed5cdb307f054b22f19e8ccb32eaafb560b468cab09eae0dd626887341c8d254c65a3a9632ed0b43290fdd920e3992e80d8226346a0d3f068e0',
  ),
  text(
    'Werkzeug pbkdf2',
    'pbkdf2:sha256:1000$gatehouse$72103ec696b2bd9f398ed5536b0ab34849c2997b19b92c56145dd6998bcb311e',
  ),
  text('Django bcrypt_sha256', 'bcrypt_sha256$$2b$04$abcdefghijklmnopqrstuuQ9wg.2N4CaiiE6yf5JiA1ZpIRlRV0ou'),
  {
    name: 'bcrypt with a salt of its own',
    password: ours,
    value: {
      algorithm: 'bcrypt',
      hash: { value: '$2b$04$abcdefghijklmnopqrstuuc6fwvs1OXNrGk7GfQDR9H8pG8MxlT3C' },
      ...prefix,
    },
  },
  text('Logto', '["sha256",["salt","@"],"e588e155bcbf8c6c1d7759c48f20fae78908f2a7973d7fba19861bc4bcd96139"]'),
  text(
    'Logto pbkdf2',
    '["pbkdf2",["salt","1000","20","sha512","@"],"2892691ad62cbf1c1ed1ce9df4c74c58d6eb370f"]',
  ),
  text(
    'Kratos hmac',
    '$hmac-sha256$ZjdkYTg4MjFhNDUxZjI1NGJiNjlmZjdmMzI5OTRlYWQ0NDM1ODE2YzRhYjBjODUwNGQ2YzAyNTAyZDA4NzFjYQ==$a2V5',
  ),
  {
    name: 'a password in UTF-16',
    password: 'Corr3ct-hörse',
    value: raw('sha1', '699517555ba27ad56cab0bd125f7f09ccafd01b5', { password: { encoding: 'ucs2' } }),
  },
  {
    name: 'a password in latin1',
    password: 'Corr3ct-hörse',
    value: raw('md5', '76cab5a22a2b137d05506a5f3a9646d9', { password: { encoding: 'binary' } }),
  },
];

export const knownAnswers: readonly KnownAnswer[] = [...computed, ...published, ...forms];
