import { Directive } from 'type-graphql';
import type { AuthRule } from '#src/access/rule';

type RuleDecorator = ClassDecorator & PropertyDecorator & MethodDecorator & ParameterDecorator;

/** The rule is its SDL directive: what is printed is what `collectSchemaRules` reads and the gates enforce. */
function declare(sdl: string): RuleDecorator {
  const directive = Directive(sdl);
  // type-graphql's overloads cannot be called with what another decorator was given.
  return (...place: unknown[]) => void Reflect.apply(directive, undefined, place);
}

/** Open to every caller, signed in or not. */
export const Public = (): RuleDecorator => declare('@public');

/** Allowed to whoever was allowed to reach the parent object. */
export const WithParent = (): RuleDecorator => declare('@withParent');

/** Never leaves the gateway, whatever a stored rule says. */
export const Blacklisted = (): RuleDecorator => declare('@blacklisted');

/** Binds the place to a profile attribute, so that the stored attribute rules and the blacklist govern it. */
export const Attribute = (path: string): RuleDecorator =>
  declare(`@attribute(path: ${JSON.stringify(path)})`);

/** Who may use this; see `AuthRule`. Without arguments: any authenticated caller. */
export const Auth = (rule: AuthRule = {}): RuleDecorator => declare(authDirective(rule));

/** `@auth(…)` in SDL, its arguments in the order of the directive's definition. */
export function authDirective(rule: AuthRule): string {
  const parts: string[] = [];
  if (rule.roles) parts.push(`roles: ${JSON.stringify(rule.roles)}`);
  if (rule.permissions) parts.push(`permissions: ${JSON.stringify(rule.permissions)}`);
  if (rule.orSelf) parts.push('orSelf: true');
  if (rule.acr) parts.push(`acr: ${JSON.stringify(rule.acr)}`);
  if (rule.maxAge !== undefined) parts.push(`maxAge: ${rule.maxAge}`);
  return parts.length === 0 ? '@auth' : `@auth(${parts.join(', ')})`;
}
