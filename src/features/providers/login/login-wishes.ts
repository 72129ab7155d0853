import type { OAuthOptions } from '#src/features/providers/oauth/oauth-options';
import { badInput } from '#src/features/roles/checked-text';

/** What a sign-in wants of the provider (OpenID Connect Core 1.0 section 3.1.2.1). */
export interface LoginWishes {
  /** What the provider asks the person; NONE: nothing at all. */
  readonly prompt?: LoginPrompt | null;
  /** How many seconds ago the person may have proved who they are there; the provider's answer is held to it. */
  readonly maxAgeSeconds?: number | null;
}

export const loginPrompts = ['NONE', 'LOGIN', 'CONSENT', 'SELECT_ACCOUNT'] as const;
export type LoginPrompt = (typeof loginPrompts)[number];

const longestAge = 365 * 86_400;

/** Refuses with BAD_USER_INPUT what no provider could be asked for. */
export function checkWishes({ prompt = null, maxAgeSeconds = null }: LoginWishes): void {
  if (prompt !== null && !loginPrompts.includes(prompt))
    throw badInput('prompt', `A prompt is one of ${loginPrompts.join(', ').toLowerCase()}.`);
  const isAge = maxAgeSeconds === null || (Number.isInteger(maxAgeSeconds) && maxAgeSeconds >= 0);
  if (!isAge || (maxAgeSeconds ?? 0) > longestAge)
    throw badInput('maxAgeSeconds', `The age is a whole number of seconds from 0 to ${longestAge}.`);
}

/** The same as the address of a sign-in has it: `prompt=select_account`, `max_age=300`. */
export function wishesIn(query: URLSearchParams): LoginWishes {
  const [prompt, age] = [query.get('prompt'), query.get('max_age')];
  return {
    prompt: prompt === null ? null : (prompt.toUpperCase() as LoginPrompt),
    maxAgeSeconds: age === null ? null : /^\d{1,9}$/.test(age) ? Number(age) : NaN,
  };
}

/** SECURITY: a wish that the protocol cannot carry would be dropped, and whoever relies on it would not learn that. */
export function requireWishable(options: Pick<OAuthOptions, 'issuer'>, wishes: LoginWishes): void {
  if (options.issuer !== null) return;
  const field = wishes.prompt ? 'prompt' : 'maxAgeSeconds';
  if ((wishes[field] ?? null) !== null)
    throw badInput(field, 'This provider has no OpenID Connect, and cannot be asked for that.');
}

/** SAML knows whether to ask (`ForceAuthn`) and whether nothing may be asked (`IsPassive`), and no more. */
export function samlWishes({ prompt = null, maxAgeSeconds = null }: LoginWishes): {
  readonly forceAuthn: boolean;
  readonly passive: boolean;
} {
  if (prompt === 'CONSENT' || prompt === 'SELECT_ACCOUNT')
    throw badInput('prompt', 'A SAML provider can be asked for NONE or LOGIN alone.');
  const passive = prompt === 'NONE';
  // There is no way to say how old the proof may be: it is made anew, and the answer says when.
  return { passive, forceAuthn: prompt === 'LOGIN' || (!passive && maxAgeSeconds !== null) };
}

export interface HintedWishes extends LoginWishes {
  /** Whom the person says to be. */
  readonly loginHint?: string | null;
}

/** Parameters of OpenID Connect Core 1.0 section 3.1.2.1. */
export function wished({
  loginHint = null,
  prompt = null,
  maxAgeSeconds = null,
}: HintedWishes): Readonly<Record<string, string>> {
  return {
    ...(loginHint === null ? {} : { login_hint: loginHint }),
    ...(prompt === null ? {} : { prompt: prompt.toLowerCase() }),
    ...(maxAgeSeconds === null ? {} : { max_age: String(maxAgeSeconds) }),
  };
}
