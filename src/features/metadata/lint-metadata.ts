import { isObject, type MetadataObject, type StoreName } from './metadata-store';
import { isRelated } from './related-paths';

/** Something that will be regretted later. */
export interface LintFinding {
  /** Dotted path below the store. */
  readonly path: string;
  readonly rule: 'DYNAMIC_KEY' | 'DEEP' | 'ROOT_NAME' | 'SECRET' | 'MIXED_TYPES';
  /** Completes "user_metadata.x …"; never repeats a value. */
  readonly problem: string;
}

/** Deeper than this, members are hard to name in rules and searches. */
const shallow = 5;
const mostFindings = 20;

const rootNames = new Set([
  ...['email', 'email_verified', 'username', 'phone_number', 'phone_verified', 'name', 'given_name'],
  ...['family_name', 'nickname', 'blocked', 'user_id', 'identities', 'created_at', 'updated_at'],
  ...['last_login', 'last_ip', 'logins_count', 'multifactor', 'user_metadata', 'app_metadata'],
]);

const idKeys = [/^\d+$/, /^[0-9a-f]{8}-[0-9a-f]{4}-/i, /^[0-9a-f]{16,}$/i, /^[^@\s]+@[^@\s]+$/, /\|/];
const secretKey =
  /passw(or)?d|passphrase|secret|api_?key|private_?key|credential|^(access|refresh|id)?_?token$|^pin$|^cvv$|^ssn$/i;
const tokenValue = /^eyJ[\w-]{8,}\.[\w-]{8,}\.|-----BEGIN [A-Z ]*PRIVATE KEY-----/;
const governmentNumber = /^\d{3}-\d{2}-\d{4}$/;
const cardNumber = /^\d(?:[ -]?\d){12,18}$/;

/** What to mind about the parts of a store that these paths changed. Looks at names and forms; says no value. */
export function lintMetadata(
  store: StoreName,
  content: MetadataObject,
  changed: readonly string[],
): readonly LintFinding[] {
  const findings: LintFinding[] = [];
  for (const finding of findingsOf(content, '', 1)) {
    if (!changed.some((path) => isRelated(path, finding.path))) continue;
    findings.push(finding);
    if (findings.length === mostFindings) break;
  }
  return store === 'app' ? findings : findings.filter(({ path }) => path !== 'picture');
}

function* findingsOf(value: unknown, path: string, depth: number): Generator<LintFinding> {
  if (Array.isArray(value)) {
    for (const item of value) yield* findingsOf(item, path, depth);
    return;
  }
  if (!isObject(value)) {
    if (typeof value === 'string' && isSecretValue(value))
      yield {
        path,
        rule: 'SECRET',
        problem: 'looks like a secret or a card or government number; metadata is no place for it',
      };
    return;
  }
  if (depth > shallow) {
    yield {
      path,
      rule: 'DEEP',
      problem: `is nested more than ${shallow} levels deep; keep metadata shallow`,
    };
    return;
  }
  const keys = Object.keys(value);
  if (keys.some((key) => idKeys.some((pattern) => pattern.test(key))))
    yield {
      path,
      rule: 'DYNAMIC_KEY',
      problem:
        'has keys that look like ids; use a list of objects with an id member, so that names stay the same for all users',
    };
  for (const key of keys) {
    const below = path === '' ? key : `${path}.${key}`;
    if (depth === 1 && rootNames.has(key))
      yield { path: below, rule: 'ROOT_NAME', problem: 'is named like an attribute of the profile itself' };
    if (secretKey.test(key))
      yield { path: below, rule: 'SECRET', problem: 'is named like a secret; metadata is no place for it' };
    yield* findingsOf(value[key], below, depth + 1);
  }
}

function isSecretValue(text: string): boolean {
  if (text.length > 10_000) return false;
  if (tokenValue.test(text) || governmentNumber.test(text)) return true;
  return cardNumber.test(text) && isCardNumber(text.replace(/\D/g, ''));
}

/** The check digit of payment cards (Luhn). */
function isCardNumber(digits: string): boolean {
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 0 ? 1 : 2);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0 && !/^(\d)\1*$/.test(digits);
}
