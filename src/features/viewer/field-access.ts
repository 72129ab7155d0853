import { decide } from '#src/access/decide';
import { decideField, type Gate } from '#src/access/gate';
import type { Call } from '#src/access/call';

/** What a caller may do with one field of a type. */
export interface FieldRights {
  readonly field: string;
  readonly attribute: string | null;
  readonly read: 'ALL' | 'SOME' | 'MASKED' | 'NONE';
  readonly write: boolean;
  readonly filter: boolean;
}

/** The caller's own rights on every field of a type; empty for a type that does not exist. */
export function fieldRights(call: Call, gate: Gate, typeName: string): FieldRights[] {
  const names = gate.rules.fields.get(typeName) ?? [];
  return names.map((field) => {
    const guarded = gate.rules.guarded.get(`${typeName}.${field}`);
    const attribute = guarded?.rules.find((rule) => rule.attribute !== undefined)?.attribute ?? null;
    return {
      field,
      attribute,
      read: guarded ? readLevel(decideField(call, guarded, undefined, call.clock.now()).decision) : 'ALL',
      write: attribute === null || ['ALLOW', 'OBJECT', 'MASK'].includes(decide(call, 'WRITE', attribute)),
      filter: attribute !== null && decide(call, 'FILTER', attribute) === 'ALLOW',
    };
  });
}

function readLevel(decision: string): FieldRights['read'] {
  if (decision === 'ALLOW') return 'ALL';
  if (decision === 'MASK') return 'MASKED';
  return decision === 'OBJECT' ? 'SOME' : 'NONE';
}
