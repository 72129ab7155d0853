import { registerEnumType } from 'type-graphql';

export enum FactorType {
  PASSWORD = 'PASSWORD',
  PASSKEY = 'PASSKEY',
  TOTP = 'TOTP',
  EMAIL = 'EMAIL',
  RECOVERY_CODE = 'RECOVERY_CODE',
}
registerEnumType(FactorType, {
  name: 'FactorType',
  description: 'What a user can prove an identity with.',
  valuesConfig: {
    PASSWORD: { description: 'A password.' },
    PASSKEY: { description: 'A passkey or security key (WebAuthn).' },
    TOTP: { description: 'Codes of an authenticator app (RFC 6238).' },
    EMAIL: { description: 'Codes sent to the verified e-mail address.' },
    RECOVERY_CODE: { description: 'Ten codes on paper, each good once, that stand in for another factor.' },
  },
});
