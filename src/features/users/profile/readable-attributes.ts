import { memberPath, segmentsOf } from '#src/access/attribute-path';
import { attributeRuleFor } from '#src/access/attribute-catalogue';
import { decidePlace, decideStored, type AccessRequest, type ObjectFacts } from '#src/access/decide';
import { pruneAttribute } from '#src/access/prune';

/**
 * Whether the caller may search by a member of such an object: the schema's rule for the object, and the stored rules for the two paths
 * of the member. Everything but a plain yes is a no.
 */
export function mayFilterMember(
  request: AccessRequest,
  container: readonly string[],
  keys: readonly string[],
): boolean {
  const { attribute: _, ...declared } = attributeRuleFor(container.join('.')) ?? { blacklisted: true };
  if (decidePlace(request, 'FILTER', declared, undefined, 0).decision !== 'ALLOW') return false;
  return [container, []].every((above) => {
    const path = keys.reduce<readonly string[]>(memberPath, above);
    return decideStored(request, 'FILTER', path, undefined).decision === 'ALLOW';
  });
}

const plainName = /^[A-Za-z][A-Za-z0-9_]*$/;

/**
 * A JSON object of profile attributes as far as the caller may read it. Each member is ruled twice: below its container
 * (`identities.profileData.gender`) and as the root attribute that it is (`gender`, or `familyName` for `family_name`).
 */
export function readableAttributes(
  request: AccessRequest,
  container: string,
  attributes: object,
  facts: ObjectFacts,
): Record<string, unknown> {
  const pruned = pruneAttribute(request, container, attributes, facts) as object;
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(pruned)) {
    // SECURITY: a hidden root attribute must not come back through the copy that a linked identity or a provider keeps.
    const path = plainName.test(name) ? segmentsOf(name) : [name];
    if (decideStored(request, 'READ', path, facts).decision !== 'ALLOW') continue;
    kept[name] = plainName.test(name) ? pruneAttribute(request, name, value, facts) : value;
  }
  return kept;
}
