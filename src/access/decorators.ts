import { Directive, Extensions } from 'type-graphql';
import { ruleExtension, type AccessRule, type AuthRule } from '#src/access/rule';

type RuleDecorator = ClassDecorator & PropertyDecorator & MethodDecorator;

/** One decorator writes the SDL directive and the rule that is enforced, so that print and enforcement cannot disagree. */
function declare(sdl: string, rule: AccessRule): RuleDecorator {
  const directive = Directive(sdl) as RuleDecorator;
  const member = ruleMember(rule);
  const extension = Extensions({ [`${ruleExtension}.${member}`]: rule[member] }) as RuleDecorator;
  return ((target: object, key?: string | symbol, descriptor?: PropertyDescriptor) => {
    if (key === undefined) {
      (directive as ClassDecorator)(target as never);
      (extension as ClassDecorator)(target as never);
    } else {
      (directive as MethodDecorator)(target, key, descriptor as never);
      (extension as MethodDecorator)(target, key, descriptor as never);
    }
  }) as RuleDecorator;
}

function ruleMember(rule: AccessRule): keyof AccessRule {
  return Object.keys(rule)[0] as keyof AccessRule;
}

/** Open to every caller, signed in or not. */
export const Public = (): RuleDecorator => declare('@public', { public: true });

/** Allowed to whoever was allowed to reach the parent object. */
export const WithParent = (): RuleDecorator => declare('@withParent', { withParent: true });

/** Never leaves the gateway, whatever a stored rule says. */
export const Blacklisted = (): RuleDecorator => declare('@blacklisted', { blacklisted: true });

/** Binds the place to a profile attribute, so that the stored attribute rules and the blacklist govern it. */
export const Attribute = (path: string): RuleDecorator =>
  declare(`@attribute(path: ${JSON.stringify(path)})`, { attribute: path });

/** Who may use this; see `AuthRule`. Without arguments: any authenticated caller. */
export const Auth = (rule: AuthRule = {}): RuleDecorator => declare(authDirective(rule), { auth: rule });

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
