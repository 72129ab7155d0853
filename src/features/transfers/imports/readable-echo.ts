import type { Call } from '#src/access/call';
import { decide, decideStored, type ObjectFacts } from '#src/access/decide';
import { segmentsOf } from '#src/access/attribute-path';
import { pruneAttribute } from '#src/access/prune';

/**
 * The row of a report as far as its reader may read users.
 * SECURITY: what was sent is shown to its sender under the stored rules and the blacklist; to everybody else as a user would be.
 */
export function readableEcho(call: Call, connection: string, echo: object | null, isOwn: boolean): unknown {
  if (echo === null) return null;
  const facts: ObjectFacts = { ownerId: null, connections: [connection], organizations: [] };
  const mayRead = (path: string): boolean =>
    isOwn
      ? decideStored(call, 'READ', segmentsOf(path), facts).decision === 'ALLOW'
      : decide(call, 'READ', path, facts) === 'ALLOW';
  const shown: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(echo)) {
    if (!/^[A-Za-z][A-Za-z0-9_]*$/.test(name)) continue;
    if (mayRead(name)) shown[name] = pruneAttribute(call, name, value, facts);
  }
  return shown;
}
