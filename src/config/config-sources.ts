import { readFileSync } from 'node:fs';
import { sectionNames, settings, type Setting } from './config';
import type { ConfigProblem } from './config-error';
import { nearestName } from './nearest-name';

export type Environment = Readonly<Record<string, string | undefined>>;

/** A value somebody gave for a key, and where. */
export interface GivenValue {
  readonly value: unknown;
  readonly source: string;
}

/** What one source gives, by the path of the key. */
export type GivenValues = Map<string, GivenValue>;

/** Variables that are no keys: the name of the file, and those of the test suite, the benchmark and scripts beside us. */
const foreignVariables = /^GATEHOUSE_(CONFIG$|CHROMIUM$|TOKEN$|TEST_|BENCH_)/;

/** Values from the environment. An empty variable counts as not set. */
export function fromEnvironment(environment: Environment, problems: ConfigProblem[]): GivenValues {
  const byVariable = new Map(settings.map((setting) => [setting.environment, setting]));
  const given: GivenValues = new Map();
  for (const [name, text] of Object.entries(environment)) {
    if (!name.startsWith('GATEHOUSE_') || foreignVariables.test(name)) continue;
    const setting = byVariable.get(name);
    if (!setting) {
      problems.push(unknown(name, 'environment', 'variable', [...byVariable.keys()]));
    } else if (text) {
      given.set(setting.path, { value: fromText(setting, text), source: name });
    }
  }
  return given;
}

/** Values from command line flags, named like the environment: `database-url` for GATEHOUSE_DATABASE_URL. */
export function fromFlags(
  flags: Readonly<Record<string, string | undefined>>,
  problems: ConfigProblem[],
): GivenValues {
  const byFlag = new Map(settings.map((setting) => [setting.flag, setting]));
  const given: GivenValues = new Map();
  for (const [name, text] of Object.entries(flags)) {
    if (text === undefined) continue;
    const setting = byFlag.get(name);
    if (setting) given.set(setting.path, { value: fromText(setting, text), source: `--${name}` });
    else
      problems.push(
        unknown(
          `--${name}`,
          'command line',
          'flag',
          [...byFlag.keys()].map((flag) => `--${flag}`),
        ),
      );
  }
  return given;
}

/** Values from a JSON file whose objects are the sections. */
export function fromFile(path: string, problems: ConfigProblem[]): GivenValues {
  const given: GivenValues = new Map();
  const content = readObject(path, problems);
  const source = `file ${path}`;
  for (const [name, value] of Object.entries(content)) {
    if (!sectionNames.includes(name)) {
      take(null, name, value);
    } else if (isObject(value)) {
      for (const [key, inner] of Object.entries(value)) take(name, key, inner);
    } else {
      problems.push({ key: name, source, problem: 'must be an object with the keys of this section' });
    }
  }
  return given;

  function take(section: string | null, key: string, value: unknown): void {
    const setting = settings.find((candidate) => candidate.section === section && candidate.key === key);
    if (setting) {
      given.set(setting.path, { value, source });
      return;
    }
    const known = settings
      .filter((candidate) => candidate.section === section)
      .map((candidate) => candidate.key);
    const names = section === null ? [...known, ...sectionNames] : known.map((name) => `${section}.${name}`);
    problems.push(unknown(section === null ? key : `${section}.${key}`, source, 'key', names));
  }
}

function readObject(path: string, problems: ConfigProblem[]): Record<string, unknown> {
  const source = `file ${path}`;
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    problems.push({ key: 'GATEHOUSE_CONFIG', source, problem: `cannot be read (${code})` });
    return {};
  }
  try {
    const content: unknown = JSON.parse(text);
    if (isObject(content)) return content;
    problems.push({ key: 'GATEHOUSE_CONFIG', source, problem: 'must hold one JSON object' });
  } catch {
    // The parser's own message quotes the file, which may hold a password.
    problems.push({ key: 'GATEHOUSE_CONFIG', source, problem: 'is not valid JSON' });
  }
  return {};
}

/** Reads a text by the kind of its key; what cannot be read stays text and is refused by the schema. */
function fromText(setting: Setting, text: string): unknown {
  switch (setting.kind) {
    case 'integer':
      return /^-?\d{1,15}$/.test(text.trim()) ? Number(text) : text;
    case 'boolean':
      return booleans.get(text.trim().toLowerCase()) ?? text;
    case 'list':
      return text
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== '');
    case 'text':
      return text;
  }
}

const booleans = new Map<string, boolean>([
  ['true', true],
  ['1', true],
  ['on', true],
  ['yes', true],
  ['false', false],
  ['0', false],
  ['off', false],
  ['no', false],
]);

function unknown(name: string, source: string, what: string, known: readonly string[]): ConfigProblem {
  const near = nearestName(name, known);
  const hint = near === null ? '' : `; did you mean ${near}?`;
  return { key: name, source, problem: `is not a known ${what}${hint}` };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
