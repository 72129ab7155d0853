import { generateKeyPairSync, sign } from 'node:crypto';
import { der, integer } from './der';

export interface Identity {
  /** In PEM, both. */
  readonly key: string;
  readonly certificate: string;
}

const ecdsaWithSha256 = der(0x30, der(0x06, Buffer.from('2a8648ce3d040302', 'hex')));
const rsaWithSha256 = der(0x30, der(0x06, Buffer.from('2a864886f70d01010b', 'hex')), der(0x05));

/** A certificate that signs itself, for a server on 127.0.0.1, valid around now; made anew at each call. */
export function selfSigned(name = 'localhost', kind: 'ec' | 'rsa' = 'ec', days = 365): Identity {
  const { privateKey, publicKey } =
    kind === 'ec'
      ? generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
      : generateKeyPairSync('rsa', { modulusLength: 2048 });
  const algorithm = kind === 'ec' ? ecdsaWithSha256 : rsaWithSha256;
  const subject = der(0x30, der(0x31, der(0x30, der(0x06, Buffer.from('550403', 'hex')), der(0x0c, name))));
  const year = 365 * 86_400_000;
  const validity = der(0x30, utc(Date.now() - year), utc(Date.now() + days * 86_400_000));
  const addresses = der(0x30, der(0x82, name), der(0x87, Buffer.from([127, 0, 0, 1])));
  const extension = (oid: string, value: Buffer): Buffer =>
    der(0x30, der(0x06, Buffer.from(oid, 'hex')), der(0x04, value));
  const extensions = der(
    0xa3,
    der(0x30, extension('551d11', addresses), extension('551d13', der(0x30, der(0x01, Buffer.from([0xff]))))),
  );
  const body = der(
    0x30,
    der(0xa0, integer(2)),
    integer(Date.now()),
    algorithm,
    subject,
    validity,
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
    extensions,
  );
  const signature = sign('sha256', body, privateKey);
  const whole = der(0x30, body, algorithm, der(0x03, Buffer.from([0]), signature));
  const text = whole.toString('base64').replace(/(.{64})/g, '$1\n');
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    certificate: `-----BEGIN CERTIFICATE-----\n${text}\n-----END CERTIFICATE-----`,
  };
}

function utc(time: number): Buffer {
  const digits = new Date(time).toISOString().replace(/[-:T]/g, '').slice(2, 14);
  return der(0x17, `${digits}Z`);
}
