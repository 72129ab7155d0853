import type { Policy, StoredHook } from '#src/access/policy';
import {
  hookNames,
  readDefinition,
  type Definitions,
  type HookName,
} from '#src/features/delegation/hooks/hook-definition';

/** A hook that was understood, or was not: then whatever it governs is refused. */
export type Hook<Name extends HookName> =
  | { readonly version: number; readonly definition: Definitions[Name]; readonly isBroken: false }
  | { readonly version: number; readonly definition: null; readonly isBroken: true };

type Hooks = { readonly [Name in HookName]?: Hook<Name> };

const compiled = new WeakMap<Policy, ReadonlyMap<string, Hooks>>();

/** The hooks of the deployment and of the caller's organization, outermost first; read once for each version of the stored rules. */
export function hooksInForce(policy: Policy, organizationId: string | null): readonly Hooks[] {
  let scopes = compiled.get(policy);
  if (!scopes) compiled.set(policy, (scopes = compile(policy.delegation ?? [])));
  const own = organizationId === null ? undefined : scopes.get(organizationId);
  return [scopes.get(''), own].filter((hooks) => hooks !== undefined);
}

function compile(rows: readonly StoredHook[]): ReadonlyMap<string, Hooks> {
  const scopes = new Map<string, Hooks>();
  for (const { scope, name, version, definition } of rows) {
    const known = hookNames.find((each) => each === name);
    if (known === undefined) continue;
    scopes.set(scope, { ...scopes.get(scope), [known]: read(known, version, definition) });
  }
  return scopes;
}

function read(name: HookName, version: number, stored: unknown): Hook<HookName> {
  try {
    return { version, definition: readDefinition(name, stored), isBroken: false };
  } catch {
    // What cannot be understood must not be taken for a hook that is not there: fail closed.
    return { version, definition: null, isBroken: true };
  }
}
