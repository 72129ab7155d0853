/** What is known of a provider without asking it: plain data. */
export interface ProviderPreset {
  /** Issuer of an OpenID provider, from which the rest is discovered; `{tenant}` is the directory of the connection. */
  readonly issuer?: string;
  /** Endpoints of a provider without discovery (plain OAuth 2.0, RFC 6749). */
  readonly endpoints?: {
    readonly authorization: string;
    readonly token: string;
    readonly userinfo: string;
    /** Where verified addresses are listed apart from the profile. */
    readonly emails?: string;
    /** What it calls itself in its answers (`iss`, RFC 9207). */
    readonly issuer?: string;
  };
  readonly scopes: readonly string[];
  /** The answer comes by POST, which brings no Lax cookie along. */
  readonly postsBack?: boolean;
  /** The client secret is a JWT that is made for each exchange. */
  readonly signsSecret?: boolean;
  /** The access token is proved with the secret (Facebook’s `appsecret_proof`). */
  readonly provesToken?: boolean;
}

const openId = ['openid', 'email', 'profile'];

/** Each fact is in the provider's own documentation, named in docs/connections.md. */
export const providerPresets: Readonly<Record<string, ProviderPreset>> = {
  oidc: { scopes: openId },
  oauth2: { scopes: [] },
  adfs: { scopes: openId },
  'google-oauth2': { issuer: 'https://accounts.google.com', scopes: openId },
  linkedin: { issuer: 'https://www.linkedin.com/oauth', scopes: openId },
  windowslive: { issuer: 'https://login.microsoftonline.com/consumers/v2.0', scopes: openId },
  waad: { issuer: 'https://login.microsoftonline.com/{tenant}/v2.0', scopes: openId },
  apple: {
    issuer: 'https://appleid.apple.com',
    scopes: ['openid', 'name', 'email'],
    postsBack: true,
    signsSecret: true,
  },
  facebook: {
    endpoints: {
      authorization: 'https://www.facebook.com/dialog/oauth',
      token: 'https://graph.facebook.com/oauth/access_token',
      userinfo: 'https://graph.facebook.com/me?fields=id,name,first_name,last_name,email,picture',
    },
    scopes: ['email', 'public_profile'],
    provesToken: true,
  },
  github: {
    endpoints: {
      authorization: 'https://github.com/login/oauth/authorize',
      token: 'https://github.com/login/oauth/access_token',
      userinfo: 'https://api.github.com/user',
      emails: 'https://api.github.com/user/emails',
      issuer: 'https://github.com/login/oauth',
    },
    scopes: ['read:user', 'user:email'],
  },
};
