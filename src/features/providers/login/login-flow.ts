import type { DerivedKey } from '#src/config/open-secrets';
import { openText, sealText } from '#src/config/seal-text';
import type { Instant } from '#src/shared/clock';
import { hashSecret } from '#src/shared/secret-hash';

/** A sign-in at the gateway's own page, as far as it has come. It lives in the page alone: the server keeps nothing of it. */
export interface LoginFlow {
  /** The application that the person comes from; null: the gateway itself. */
  readonly clientId: string | null;
  readonly organizationId: string | null;
  /** Where the browser goes afterwards: checked when the flow began. Null: a page that says that it is done. */
  readonly returnUrl: string | null;
  /** The same as it was asked for, for sign-ins that begin at a provider. */
  readonly returnTo?: string | null;
  readonly startedAt: Instant;
  readonly identifier?: string;
  /** Name of the connection that checks the password. */
  readonly connection?: string;
  /** The token of a sign-in that waits for more. */
  readonly token?: string;
  /** What it waits for is the choice of an organization. */
  readonly isChoice?: true;
  readonly factors?: readonly string[];
  /** The token of somebody who may have an account here already. */
  readonly link?: string;
  /** The factor that the page asks for, and what was started for it. */
  readonly factor?: string;
  readonly challenge?: string;
  readonly sentTo?: string;
  /** The enrolment of a first second factor, and the key to type where its picture cannot be read. */
  readonly enrollment?: string;
  readonly enrollmentKey?: string;
  readonly enrollmentUri?: string;
}

const lifetimeMs = 3_600_000;

export interface LoginFlows {
  /** The flow as a text for a form or an address, good in the browser that has the secret, for an hour. */
  seal(flow: LoginFlow, bindingSecret: string): string;
  /** Null for a text that is old, was made for another browser, or was never made. */
  open(sealed: string, bindingSecret: string | null, now: Instant): LoginFlow | null;
}

/**
 * SECURITY: login CSRF; a foreign page can send a form with credentials of its own, but no flow that opens with the cookie of this browser.
 * Where people go afterwards cannot be changed on the way either.
 */
export function createLoginFlows(ring: () => readonly DerivedKey[]): LoginFlows {
  const boundTo = (bindingSecret: string): string => `login-flow ${hashSecret(bindingSecret)}`;
  return {
    seal: (flow, bindingSecret) => sealText(ring(), boundTo(bindingSecret), JSON.stringify(flow)),
    open: (sealed, bindingSecret, now) => {
      if (bindingSecret === null || sealed === '') return null;
      try {
        const flow = JSON.parse(openText(ring(), boundTo(bindingSecret), sealed)) as LoginFlow;
        return now - flow.startedAt > lifetimeMs ? null : flow;
      } catch {
        return null;
      }
    },
  };
}
