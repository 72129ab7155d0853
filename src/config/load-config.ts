import { secretMark } from '#src/shared/secret';
import { checkConfig } from './check-config';
import { settings, type Config, type Setting } from './config';
import { ConfigError, type ConfigProblem } from './config-error';
import {
  fromEnvironment,
  fromFile,
  fromFlags,
  type Environment,
  type GivenValue,
  type GivenValues,
} from './config-sources';
import type { DefaultContext } from './setting';

export interface ConfigInput {
  /** Default: the environment of the process. */
  readonly environment?: Environment;
  /** Command line flags without dashes: `{ 'database-url': '…' }`. */
  readonly flags?: Readonly<Record<string, string | undefined>>;
  /** A JSON file; default: the one named by GATEHOUSE_CONFIG. */
  readonly file?: string;
}

/**
 * Puts the configuration together: defaults, then file, then environment, then flags.
 * Throws one ConfigError that lists every problem. The result is frozen and its secrets do not print.
 */
export function loadConfig(input: ConfigInput = {}): Config {
  const environment = input.environment ?? process.env;
  const problems: ConfigProblem[] = [];
  const file = input.file ?? environment['GATEHOUSE_CONFIG'];
  const sources = [
    ...(file ? [fromFile(file, problems)] : []),
    fromEnvironment(environment, problems),
    fromFlags(input.flags ?? {}, problems),
  ];
  const given: GivenValues = new Map(sources.flatMap((source) => [...source]));
  const config = settle(given, environment['NODE_ENV'], problems);
  const sourceOf = (path: string): string => given.get(path)?.source ?? 'default';
  // Rules between keys are judged only on values that are allowed by themselves; a faulty key has been reported already.
  const faulty = new Set(problems.map((problem) => problem.key));
  problems.push(...checkConfig(config, sourceOf).filter((problem) => !faulty.has(problem.key)));
  if (problems.length > 0) throw new ConfigError(problems);
  return freeze(config);
}

/** Validates each key by itself; a faulty one is reported and keeps its default, so that the others can be judged. */
function settle(given: GivenValues, nodeEnvironment: string | undefined, problems: ConfigProblem[]): Config {
  const values: Record<string, unknown> = {};
  const context: { -readonly [key in keyof DefaultContext]: DefaultContext[key] } = {
    profile: nodeEnvironment === 'production' ? 'production' : 'development',
    port: 4000,
  };
  const first = ['profile', 'http.port'];
  const ordered = [...settings].sort((left, right) => rank(left.path) - rank(right.path));
  for (const setting of ordered) {
    const value = settleOne(setting, given.get(setting.path), context, problems);
    if (setting.path === 'profile') context.profile = value as DefaultContext['profile'];
    if (setting.path === 'http.port') context.port = value as number;
    if (setting.section === null) values[setting.key] = value;
    else ((values[setting.section] ??= {}) as Record<string, unknown>)[setting.key] = value;
  }
  return values as unknown as Config;

  function rank(path: string): number {
    const place = first.indexOf(path);
    return place === -1 ? first.length : place;
  }
}

function settleOne(
  setting: Setting,
  given: GivenValue | undefined,
  context: DefaultContext,
  problems: ConfigProblem[],
): unknown {
  const fallback = (): unknown => setting.schema.parse(setting.derive?.(context));
  if (!given) return fallback();
  const result = setting.schema.safeParse(given.value);
  if (result.success) return result.data;
  const reasons = result.error.issues
    .filter((issue) => issue.code === 'custom')
    .map((issue) => issue.message);
  const shown = setting.secret ? secretMark : JSON.stringify(given.value);
  problems.push({
    key: setting.path,
    source: given.source,
    problem: `${[...new Set(reasons)].map((reason) => `${reason}; `).join('')}must be ${setting.allowed}, but is ${shown}`,
  });
  return fallback();
}

function freeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(freeze);
  }
  return value;
}
