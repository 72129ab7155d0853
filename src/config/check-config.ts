import type { Config } from './config';
import type { ConfigProblem } from './config-error';
import { readSecretsFile } from './secrets-file';

/** The rules between keys, and those of the profile. `sourceOf` tells where a key's value came from. */
export function checkConfig(config: Config, sourceOf: (path: string) => string): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const refuse = (key: string, problem: string): void => {
    problems.push({ key, source: sourceOf(key), problem });
  };
  const atMost = (key: string, value: number, limitKey: string, limit: number): void => {
    if (value > limit) refuse(key, `must not be above ${limitKey} (${limit}), but is ${value}`);
  };
  const { graphql, sessions, metadata, organizations, http } = config;
  atMost(
    'graphql.maxAliasesAnonymous',
    graphql.maxAliasesAnonymous,
    'graphql.maxAliases',
    graphql.maxAliases,
  );
  atMost('graphql.maxCostAnonymous', graphql.maxCostAnonymous, 'graphql.maxCost', graphql.maxCost);
  atMost('graphql.defaultPageSize', graphql.defaultPageSize, 'graphql.maxPageSize', graphql.maxPageSize);
  atMost('sessions.idleSeconds', sessions.idleSeconds, 'sessions.absoluteSeconds', sessions.absoluteSeconds);
  atMost(
    'sessions.ephemeralIdleSeconds',
    sessions.ephemeralIdleSeconds,
    'sessions.ephemeralAbsoluteSeconds',
    sessions.ephemeralAbsoluteSeconds,
  );
  atMost(
    'metadata.softLimitBytes',
    metadata.softLimitBytes,
    'metadata.hardLimitBytes',
    metadata.hardLimitBytes,
  );
  atMost(
    'organizations.invitationTtlSeconds',
    organizations.invitationTtlSeconds,
    'organizations.maxInvitationTtlSeconds',
    organizations.maxInvitationTtlSeconds,
  );
  atMost('http.cookieHeaderBytes', http.cookieHeaderBytes, 'http.headerBytes', http.headerBytes);
  if (http.trustRequestId && http.trustedProxies === 0) {
    refuse('http.trustRequestId', 'needs a proxy that sets the header: http.trustedProxies is 0');
  }
  if (config.profile === 'production') checkProduction(config, refuse);
  return problems;
}

function checkProduction(config: Config, refuse: (key: string, problem: string) => void): void {
  if (config.demoData) refuse('demoData', 'must be off in production: the demo users have known passwords');
  const secrets = readSecretsFile(config.secrets.file);
  if (!secrets.ok) {
    for (const problem of secrets.problems) refuse('secrets.file', problem);
  } else if (secrets.content.profile !== 'production') {
    // SECURITY: keys that lay about on a developer's machine must not sign production tokens.
    refuse(
      'secrets.file',
      `${config.secrets.file} holds development keys; make others with: gatehouse init --secrets FILE`,
    );
  }
}
