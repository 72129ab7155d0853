import { Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import { WithParent } from '#src/access/decorators';
import type { TokenSet } from './mint-tokens';

export enum TokenUseEnum {
  ACCESS = 'ACCESS',
  ONLINE = 'ONLINE',
  OFFLINE = 'OFFLINE',
}
registerEnumType(TokenUseEnum, {
  name: 'TokenUse',
  description: 'For how long an application wants to act for the user by tokens.',
  valuesConfig: {
    ACCESS: { description: 'By one access token.' },
    ONLINE: { description: 'As long as the session lives: with a refresh token that ends with it.' },
    OFFLINE: { description: 'Also when the session is over: with a refresh token of its own lifetime.' },
  },
});

@ObjectType('TokenSet', { description: 'Tokens for an application, shown this once (RFC 6749 section 5.1).' })
@WithParent()
export class TokenSetType implements TokenSet {
  @Field(() => String, { description: 'For the `Authorization` header.' })
  accessToken!: string;

  @Field(() => String, { description: 'Always `Bearer`.' })
  tokenType!: 'Bearer';

  @Field(() => Int, { description: 'Seconds until the access token expires.' })
  expiresIn!: number;

  @Field(() => String, {
    nullable: true,
    description: 'For `exchangeRefreshToken`. Null where none was asked for.',
  })
  refreshToken!: string | null;
}

@ObjectType('ExchangeRefreshTokenPayload', { description: 'The new tokens, shown this once.' })
@WithParent()
export class ExchangeRefreshTokenPayload extends TokenSetType {}
