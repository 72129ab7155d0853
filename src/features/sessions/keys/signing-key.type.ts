import { Field, ID, InputType, ObjectType, registerEnumType } from 'type-graphql';
import { WithParent } from '#src/access/decorators';
import { DateTimeScalar } from '#src/graphql/scalars';
import type { Instant } from '#src/shared/clock';
import type { SigningKeyRow } from './signing-key.repository';

export enum SigningKeyStateEnum {
  NEXT = 'NEXT',
  CURRENT = 'CURRENT',
  PREVIOUS = 'PREVIOUS',
  REVOKED = 'REVOKED',
}
registerEnumType(SigningKeyStateEnum, {
  name: 'SigningKeyState',
  description: 'What a key pair for tokens does.',
  valuesConfig: {
    NEXT: { description: 'It is published, and will sign.' },
    CURRENT: { description: 'It signs.' },
    PREVIOUS: { description: 'It is published; what it signed is good until it runs out.' },
    REVOKED: { description: 'Nothing that it signed is good.' },
  },
});

const SigningAlgorithm = { RS256: 'RS256', ES256: 'ES256', EdDSA: 'EdDSA' } as const;
registerEnumType(SigningAlgorithm, {
  name: 'SigningAlgorithm',
  description: 'How tokens are signed, in the names of RFC 7518 and RFC 8037.',
  valuesConfig: {
    RS256: { description: 'RSA (PKCS #1 v1.5) with SHA-256.' },
    ES256: { description: 'ECDSA with the curve P-256 and SHA-256.' },
    EdDSA: { description: 'Ed25519.' },
  },
});

/** SECURITY: the private key has no field. */
@ObjectType('SigningKey', { description: 'A key pair for tokens.' })
@WithParent()
export class SigningKeyType implements SigningKeyRow {
  @Field(() => ID, { description: 'Its `kid`, in the header of each token that it signed.' })
  id!: string;

  @Field(() => SigningAlgorithm, { description: 'Its algorithm.' })
  algorithm!: string;

  @Field(() => SigningKeyStateEnum, { description: 'What it does.' })
  state!: string;

  @Field(() => DateTimeScalar, { description: 'When it was made.' })
  createdAt!: Instant;

  @Field(() => DateTimeScalar, { description: 'When it came to its state.' })
  changedAt!: Instant;
}

@InputType('RotateSigningKeyInput', { description: 'How to go on to the next key.' })
export class RotateSigningKeyInput {
  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description:
      'Whether it signs although it was not published for a day: whoever checks tokens may not have it.',
  })
  immediately?: boolean | null;
}

@InputType('RevokeSigningKeyInput', { description: 'The key.' })
export class RevokeSigningKeyInput {
  @Field(() => ID, { description: 'Its `kid`.' })
  id!: string;
}

@ObjectType('RotateSigningKeyPayload', { description: 'What was changed.' })
@WithParent()
export class RotateSigningKeyPayload {
  @Field(() => SigningKeyType, { description: 'The key that signs now, or was published to sign later.' })
  signingKey!: SigningKeyRow;
}

@ObjectType('RevokeSigningKeyPayload', { description: 'What was revoked.' })
@WithParent()
export class RevokeSigningKeyPayload {
  @Field(() => SigningKeyType, { description: 'The key.' })
  signingKey!: SigningKeyRow;
}
