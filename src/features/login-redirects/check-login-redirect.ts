import { registrationProblem, normalisedUrl } from '#src/features/applications/redirects/registered-url';
import { badInput, checkedText } from '#src/features/roles/checked-text';
import { refuseAbove } from '#src/features/roles/bulk-ids';
import type { LoginRedirectRow } from './login-redirect.repository';
import { redirectAttribute } from './redirect-attribute';

export interface LoginRedirectDraft {
  readonly name: string;
  readonly url: string;
  readonly applicationIds?: readonly string[] | null | undefined;
  readonly connections?: readonly string[] | null | undefined;
  readonly conditions?: readonly RedirectCondition[] | null | undefined;
  readonly payload?: readonly string[] | null | undefined;
  readonly proof?: string | null | undefined;
  readonly recordsMethod?: boolean | null | undefined;
  readonly tokenSeconds?: number | null | undefined;
  readonly position?: number | null | undefined;
  readonly isEnabled?: boolean | null | undefined;
  /** Absent: it stays. */
  readonly secret?: string | null | undefined;
}

export interface RedirectCondition {
  readonly attribute: string;
  readonly operator: string;
  readonly value?: unknown;
}

type Settings = Omit<LoginRedirectRow, 'version' | 'createdAt' | 'updatedAt'>;

export const mostListed = 50;
export const mostConditions = 10;
export const mostPayload = 10;
const secretBytes = { least: 32, most: 1_024 } as const;
const seconds = { least: 30, most: 3_600, usual: 900 } as const;
const highestPosition = 1_000;

/** The settings of a redirect with their usual values; BAD_USER_INPUT or LIMIT_EXCEEDED for what cannot be. */
export function checkLoginRedirect(draft: LoginRedirectDraft): Settings {
  const payload = listed('payload', draft.payload, mostPayload).map((one) =>
    redirectAttribute('payload', one),
  );
  const proof = draft.proof ?? 'TOKEN';
  const conditions = checkedConditions(draft.conditions ?? []);
  if (proof === 'CONDITIONS' && conditions.length === 0) {
    throw badInput('proof', 'Without conditions nothing tells whether the step was done.');
  }
  const recordsMethod = draft.recordsMethod ?? false;
  if (recordsMethod && proof !== 'TOKEN') {
    throw badInput('recordsMethod', 'A method is recorded only where a signed token has to come back.');
  }
  return {
    ...{ name: checkedName(draft.name), url: checkedUrl(draft.url) },
    applicationIds: listed('applicationIds', draft.applicationIds, mostListed),
    connections: listed('connections', draft.connections, mostListed),
    ...{ conditions, payload: [...new Set(payload)], proof, recordsMethod },
    tokenSeconds: within('tokenSeconds', draft.tokenSeconds ?? seconds.usual, seconds.least, seconds.most),
    position: within('position', draft.position ?? 0, 0, highestPosition),
    isEnabled: draft.isEnabled ?? true,
  };
}

/** A key of HMAC with SHA-256 has at least as many bytes as the hash (RFC 7518 section 3.2). */
export function checkedSecret(secret: string): string {
  const bytes = Buffer.byteLength(secret);
  if (bytes < secretBytes.least || bytes > secretBytes.most) {
    throw badInput('secret', `"secret" must have ${secretBytes.least} to ${secretBytes.most} bytes.`);
  }
  return secret;
}

function checkedName(name: string): string {
  if (/^[a-z0-9][a-z0-9-]{0,63}$/.test(name)) return name;
  throw badInput(
    'name',
    '"name" is 1 to 64 small letters, digits and hyphens, and begins with none of the latter.',
  );
}

function checkedUrl(text: string): string {
  const problem = registrationProblem(text, { type: 'REGULAR_WEB', devMode: false });
  if (problem !== null) throw badInput('url', `"url" ${problem}.`);
  if (/[{}*]/.test(text)) throw badInput('url', '"url" must not hold a wildcard.');
  const { searchParams } = new URL(text);
  // The page must find one of each.
  if (searchParams.has('state') || searchParams.has('session_token')) {
    throw badInput('url', '"url" must not have "state" or "session_token" itself.');
  }
  return normalisedUrl(text) ?? text;
}

function checkedConditions(given: readonly RedirectCondition[]): LoginRedirectRow['conditions'] {
  refuseAbove(mostConditions, given.length, `At most ${mostConditions} conditions.`, 'conditions');
  return given.map(({ attribute, operator, value = null }) => {
    const isMissing = operator === 'MISSING';
    if (isMissing !== (value === null) || (value !== null && !isScalar(value))) {
      throw badInput(
        'conditions',
        'EQUALS and NOT_EQUALS take a text, a number or a truth value, MISSING takes none.',
      );
    }
    return { attribute: redirectAttribute('conditions', attribute), operator, value };
  });
}

export function isScalar(value: unknown): value is string | number | boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

function listed(
  field: string,
  values: readonly string[] | null | undefined,
  most: number,
): readonly string[] {
  const distinct = [...new Set(values ?? [])];
  refuseAbove(most, distinct.length, `"${field}" holds at most ${most}.`, field);
  return distinct.map((value) => checkedText(field, value, 300));
}

function within(field: string, value: number, least: number, most: number): number {
  if (value >= least && value <= most) return value;
  throw badInput(field, `"${field}" must be ${least} to ${most}.`);
}
