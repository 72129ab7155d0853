import { decodeJwt, SignJWT, UnsecuredJWT, type JWTPayload } from 'jose';
import type { LoginScene } from '#test/features/login-pages/support/login-scene';
import { issuer } from '#test/features/factors/support/factor-scene';

export const secret = 'a key of thirty-two bytes, at least so';

/** A page of the operator's own, in the middle of sign-ins: reads what it is told and signs what it answers. */
export class StepPage {
  private count = 0;

  constructor(private readonly scene: LoginScene) {}

  /** What the browser brought. */
  read(address: string): {
    readonly at: string;
    readonly state: string;
    readonly token: string;
    readonly told: JWTPayload;
  } {
    const url = new URL(address);
    const token = url.searchParams.get('session_token') ?? '';
    const state = url.searchParams.get('state') ?? '';
    return { at: url.origin + url.pathname, state, token, told: decodeJwt(token) };
  }

  /** A good answer, or one that differs in these claims; null leaves a claim out. */
  async answer(address: string, other: Record<string, unknown> = {}, key = secret): Promise<string> {
    const { state, told } = this.read(address);
    const claims = { ...this.claims(state, told.sub ?? ''), ...other };
    return new SignJWT(kept(claims)).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.from(key));
  }

  unsigned(address: string): string {
    const { state, told } = this.read(address);
    return new UnsecuredJWT(this.claims(state, told.sub ?? '')).encode();
  }

  /** Where the page sends the browser with an answer. */
  back(address: string, token: string | null, more: Record<string, string> = {}): string {
    const { state } = this.read(address);
    const query = { state, ...(token === null ? {} : { session_token: token }), ...more };
    return `${issuer}/continue?${new URLSearchParams(query).toString()}`;
  }

  private claims(state: string, sub: string): Record<string, unknown> {
    this.count += 1;
    const now = Math.floor(this.scene.clock.now() / 1_000);
    return { sub, state, iat: now, exp: now + 60, jti: `answer-${this.count}` };
  }
}

function kept(claims: Record<string, unknown>): JWTPayload {
  return Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== null));
}
