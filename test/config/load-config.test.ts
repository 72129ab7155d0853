import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { ConfigError, type ConfigProblem } from '#src/config/config-error';
import { loadConfig, type ConfigInput } from '#src/config/load-config';
import { generateSecrets } from '#src/config/open-secrets';
import { writeSecretsFile } from '#src/config/secrets-file';

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-config-'));
let files = 0;

function file(content: unknown): string {
  const path = join(folder, `config-${(files += 1)}.json`);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

function problemsOf(input: ConfigInput): readonly ConfigProblem[] {
  try {
    loadConfig(input);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

async function productionSecrets(profile: 'development' | 'production' = 'production'): Promise<string> {
  const path = join(folder, `secrets-${(files += 1)}.json`);
  writeSecretsFile(path, await generateSecrets(profile));
  return path;
}

describe('loadConfig', () => {
  it('gives every key its default', () => {
    const config = loadConfig({ environment: {} });
    expect(config.profile).toBe('development');
    expect(config.demoData).toBe(true);
    expect(config.http).toMatchObject({
      host: '127.0.0.1',
      port: 4000,
      issuer: 'http://127.0.0.1:4000',
      jsonDepth: 32,
    });
    expect(config.graphql).toMatchObject({
      introspection: true,
      maxTokens: 2000,
      maxDepth: 12,
      maxAliases: 50,
      maxAliasesAnonymous: 15,
      maxDirectives: 50,
      maxRootFields: 20,
      maxCost: 5000,
      maxCostAnonymous: 1000,
      maxPageSize: 100,
      maxIds: 100,
      maxRepresentations: 1000,
    });
    expect(config.http.bodyLimitBytes).toBe(1_048_576);
    expect(config.database.url.reveal()).toBe('sqlite:./data/gatehouse.db');
    expect(config.logging).toEqual({ level: 'info', format: 'pretty' });
  });

  it('lets flags win over the environment, the environment over the file, the file over defaults', () => {
    const path = file({ http: { port: 1, host: 'a', jsonDepth: 20 } });
    const config = loadConfig({
      environment: { GATEHOUSE_CONFIG: path, GATEHOUSE_PORT: '2', GATEHOUSE_HOST: 'b' },
      flags: { port: '3', host: undefined },
    });
    expect(config.http).toMatchObject({ port: 3, host: 'b', jsonDepth: 20, issuer: 'http://127.0.0.1:3' });
  });

  it('reports all problems together, each with its key, its source and what is allowed', () => {
    const path = file({ http: { prot: 1, jsonDepth: 'deep' }, sesions: {}, search: 5 });
    const problems = problemsOf({
      environment: {
        GATEHOUSE_CONFIG: path,
        GATEHOUSE_PORT: '70000',
        GATEHOUSE_GRAPHQL_MAX_TOKEN: '5',
        GATEHOUSE_GRAPHIQL: 'maybe',
        GATEHOUSE_ISSUER: 'http://id.example.com',
      },
      flags: { 'log-level': 'loud' },
    });
    expect(problems).toEqual([
      { key: 'http.prot', source: `file ${path}`, problem: 'is not a known key; did you mean http.port?' },
      { key: 'sesions', source: `file ${path}`, problem: 'is not a known key; did you mean sessions?' },
      { key: 'search', source: `file ${path}`, problem: 'must be an object with the keys of this section' },
      {
        key: 'GATEHOUSE_GRAPHQL_MAX_TOKEN',
        source: 'environment',
        problem: 'is not a known variable; did you mean GATEHOUSE_GRAPHQL_MAX_TOKENS?',
      },
      {
        key: 'http.port',
        source: 'GATEHOUSE_PORT',
        problem: 'must be a whole number from 0 to 65535, but is 70000',
      },
      {
        key: 'http.issuer',
        source: 'GATEHOUSE_ISSUER',
        problem:
          'uses http off loopback: tokens and cookies would travel in the clear; use https; must be an https URL, or an http URL on loopback, without query, fragment and credentials, but is "http://id.example.com"',
      },
      {
        key: 'http.jsonDepth',
        source: `file ${path}`,
        problem: 'must be a whole number from 4 to 200, but is "deep"',
      },
      {
        key: 'graphql.graphiql',
        source: 'GATEHOUSE_GRAPHIQL',
        problem: 'must be true or false, but is "maybe"',
      },
      {
        key: 'logging.level',
        source: '--log-level',
        problem: 'must be one of debug, info, warn, error, silent, but is "loud"',
      },
    ]);
  });

  it('lists the problems in its message, one a line', () => {
    expect(() => loadConfig({ environment: { GATEHOUSE_PORT: 'x', GATEHOUSE_PROFILE: 'x' } })).toThrow(
      'The configuration has 2 problems:\n  profile (GATEHOUSE_PROFILE): must be one of development, production, but is "x"\n  http.port (GATEHOUSE_PORT)',
    );
  });

  it.each([
    ['missing', join(folder, 'absent.json'), 'cannot be read (ENOENT)'],
    ['not JSON', file('{ "password": "hunter2"'), 'is not valid JSON'],
    ['not an object', file([1]), 'must hold one JSON object'],
  ])('refuses a configuration file that is %s', (_what, path, problem) => {
    expect(problemsOf({ environment: { GATEHOUSE_CONFIG: path } })).toEqual([
      { key: 'GATEHOUSE_CONFIG', source: `file ${path}`, problem },
    ]);
  });

  it('never shows a secret value, neither in a problem nor when the configuration is printed', () => {
    const environment = { GATEHOUSE_DATABASE_URL: 'mysql://root:hunter2@db/x' };
    expect(problemsOf({ environment })[0]?.problem).toBe(
      'names no database that is known; must be sqlite:<file> or postgres://user:password@host:port/database, but is "[secret]"'.replaceAll(
        '"',
        '',
      ),
    );
    const config = loadConfig({ environment: { GATEHOUSE_DATABASE_URL: 'postgres://root:hunter2@db/x' } });
    expect(
      `${JSON.stringify(config)}${inspect(config, { depth: 9 })}${String(config.database.url)}`,
    ).not.toContain('hunter2');
    expect(config.database.url.reveal()).toBe('postgres://root:hunter2@db/x');
  });

  it('freezes every section and every list', () => {
    const config = loadConfig({ environment: { GATEHOUSE_ALLOWED_WEB_ORIGINS: 'https://app.example.com' } });
    expect(() => Object.assign(config, { profile: 'production' })).toThrow(TypeError);
    expect(() => Object.assign(config.http, { port: 1 })).toThrow(TypeError);
    expect(() => config.http.allowedWebOrigins.push('x')).toThrow(TypeError);
  });

  it('reads lists and switches from text, and takes an empty variable as not set', () => {
    const config = loadConfig({
      environment: {
        GATEHOUSE_ALLOWED_WEB_ORIGINS: 'https://a.example.com, http://localhost:3000',
        GATEHOUSE_GRAPHIQL: 'OFF',
        GATEHOUSE_PORT: '',
        GATEHOUSE_TEST_POSTGRES_URL: 'anything',
      },
    });
    expect(config.http.allowedWebOrigins).toEqual(['https://a.example.com', 'http://localhost:3000']);
    expect(config.graphql.graphiql).toBe(false);
    expect(config.http.port).toBe(4000);
  });

  it.each([
    '*',
    'https://*.example.com',
    'https://a.example.com/',
    'http://a.example.com',
    'null',
    'ftp://a',
  ])('refuses %s as an allowed web origin', (origin) => {
    const problems = problemsOf({ environment: { GATEHOUSE_ALLOWED_WEB_ORIGINS: origin } });
    expect(problems.map((problem) => problem.key)).toEqual(['http.allowedWebOrigins']);
  });

  it.each([
    'https://id.example.com/',
    'https://id.example.com/tenant',
    'http://localhost:1',
    'http://127.0.0.9',
    'http://[::1]:1',
  ])('accepts the issuer %s', (issuer) => {
    expect(loadConfig({ environment: { GATEHOUSE_ISSUER: issuer } }).http.issuer).toBe(issuer);
  });

  it.each([
    'id.example.com',
    'https://a:b@id.example.com',
    'https://id.example.com?x',
    'https://id.example.com#',
    'ftp://id',
    'http://127.0.0.1.evil.example',
  ])('refuses the issuer %s', (issuer) => {
    expect(problemsOf({ environment: { GATEHOUSE_ISSUER: issuer } }).map((problem) => problem.key)).toEqual([
      'http.issuer',
    ]);
  });

  it('judges keys against each other', () => {
    const problems = problemsOf({
      environment: {
        GATEHOUSE_SESSIONS_IDLE_SECONDS: '90000',
        GATEHOUSE_SESSIONS_ABSOLUTE_SECONDS: '3600',
        GATEHOUSE_HTTP_TRUST_REQUEST_ID: 'true',
        GATEHOUSE_GRAPHQL_MAX_ALIASES: '5',
      },
    });
    expect(problems.map((problem) => problem.key)).toEqual([
      'graphql.maxAliasesAnonymous',
      'sessions.idleSeconds',
      'http.trustRequestId',
    ]);
  });
});

describe('the production profile', () => {
  it('is chosen by NODE_ENV and switches introspection, GraphiQL and demo data off', async () => {
    const environment = { NODE_ENV: 'production', GATEHOUSE_SECRETS_FILE: await productionSecrets() };
    const config = loadConfig({ environment });
    expect(config.profile).toBe('production');
    expect([config.demoData, config.graphql.introspection, config.graphql.graphiql]).toEqual([
      false,
      false,
      false,
    ]);
    expect(config.database.migrateOnStart).toBe(false);
    expect(config.logging.format).toBe('json');
    expect(
      loadConfig({ environment: { ...environment, GATEHOUSE_INTROSPECTION: 'on' } }).graphql.introspection,
    ).toBe(true);
  });

  it('SES-05 refuses missing secrets, demo data and an http issuer off loopback, all at once', () => {
    const path = join(folder, 'no-secrets.json');
    const problems = problemsOf({
      environment: {
        GATEHOUSE_PROFILE: 'production',
        GATEHOUSE_SECRETS_FILE: path,
        GATEHOUSE_DEMO_DATA: 'true',
        GATEHOUSE_ISSUER: 'http://id.example.com',
      },
    });
    expect(problems.map((problem) => [problem.key, problem.source])).toEqual([
      ['http.issuer', 'GATEHOUSE_ISSUER'],
      ['demoData', 'GATEHOUSE_DEMO_DATA'],
      ['secrets.file', 'GATEHOUSE_SECRETS_FILE'],
    ]);
    expect(problems[2]?.problem).toBe(
      `${path} does not exist; make it with: gatehouse init --secrets ${path}`,
    );
  });

  it('SES-05 refuses keys that were generated for development', async () => {
    const path = await productionSecrets('development');
    const problems = problemsOf({
      environment: { GATEHOUSE_PROFILE: 'production', GATEHOUSE_SECRETS_FILE: path },
    });
    expect(problems.map((problem) => problem.problem)).toEqual([
      `${path} holds development keys; make others with: gatehouse init --secrets FILE`,
    ]);
  });
});
