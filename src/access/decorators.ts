import { Directive, Extensions } from 'type-graphql';
import { ruleExtension, type AccessRule, type AuthRule } from '#src/access/rule';

type RuleDecorator = ClassDecorator & PropertyDecorator & MethodDecorator & ParameterDecorator;

/** A decorator of any place: type-graphql's overloads cannot be called with what another decorator was given. */
type AnyDecorator = (target: object, key?: string | symbol, place?: unknown) => void;

function anywhere(decorator: (...place: never[]) => unknown): AnyDecorator {
  return (...place) => void Reflect.apply(decorator, undefined, place);
}

/** Rules of resolver parameters, by class, method and position: type-graphql keeps no extensions for `@Arg`. */
const argumentRules = new Map<object, Map<string, AccessRule>>();

/** The rule of the argument at `index` of a resolver method. */
export function argumentRule(target: object, method: string, index: number): AccessRule | undefined {
  return argumentRules.get(target)?.get(`${method}:${index}`);
}

/** One decorator writes the SDL directive and the rule that is enforced, so that print and enforcement cannot disagree. */
function declare(sdl: string, rule: AccessRule): RuleDecorator {
  const directive = anywhere(Directive(sdl));
  const member = Object.keys(rule)[0] as keyof AccessRule;
  const extension = anywhere(Extensions({ [`${ruleExtension}.${member}`]: rule[member] }));
  return (target: object, key?: string | symbol, place?: unknown) => {
    directive(target, key, place);
    if (typeof place === 'number') rememberArgument(target.constructor, `${String(key)}:${place}`, rule);
    else extension(target, key, place);
  };
}

function rememberArgument(target: object, place: string, rule: AccessRule): void {
  const rules = argumentRules.get(target) ?? new Map<string, AccessRule>();
  rules.set(place, { ...rules.get(place), ...rule });
  argumentRules.set(target, rules);
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
