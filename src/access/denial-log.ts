import type { Verdict } from '#src/access/decide';
import type { GuardedField } from '#src/access/gate';
import type { Principal } from '#src/access/principal';

export interface Denial {
  readonly code: string;
  /** The first place where the field was refused. */
  readonly path: readonly (string | number)[];
  readonly coordinate: string;
  /** How often. */
  count: number;
  /** See `requiredPermissions`. */
  readonly requires?: PermissionLists;
}

/** Every permission of any one of the inner lists. */
export type PermissionLists = readonly (readonly string[])[];

/** Refusals of one execution: one entry a field, however many rows. */
export class DenialLog {
  readonly entries = new Map<string, Denial>();
  /** Coordinates that were answered masked. */
  readonly masked = new Set<string>();

  record(
    field: GuardedField,
    verdict: Verdict,
    principal: Principal,
    path: () => readonly (string | number)[],
  ): void {
    const { coordinate } = field;
    const entry = this.entries.get(coordinate);
    if (entry) {
      entry.count += 1;
      return;
    }
    const code = denialCode(verdict, principal);
    const requires = code === 'FORBIDDEN_FIELD' ? requiredPermissions(field, verdict) : undefined;
    this.entries.set(coordinate, {
      ...{ code, path: path(), coordinate, count: 1 },
      ...(requires === undefined ? {} : { requires }),
    });
  }
}

/** The code of a refusal: an anonymous caller is told to sign in. */
export function denialCode(verdict: Verdict, principal: Principal): string {
  if (verdict.reason === 'unavailable') return 'POLICY_UNAVAILABLE';
  if (principal.kind === 'anonymous') return 'UNAUTHENTICATED';
  return verdict.decision === 'STEP_UP' ? 'STEP_UP_REQUIRED' : 'FORBIDDEN_FIELD';
}

/**
 * What would open a field that the schema itself closes to a caller. Undefined where a stored rule refused: no permission opens that, and
 * what the rules are is told to those alone who may explain them.
 */
export function requiredPermissions(field: GuardedField, verdict: Verdict): PermissionLists | undefined {
  if (verdict.reason !== 'directive' && verdict.reason !== 'self') return undefined;
  const lists = field.rules.flatMap(({ auth }) =>
    auth?.permissions === undefined ? [] : [auth.permissions],
  );
  const [first, ...others] = lists;
  return others.reduce<PermissionLists | undefined>(
    (all, next) => all?.flatMap((one) => next.map((other) => [...new Set([...one, ...other])])),
    first,
  );
}
