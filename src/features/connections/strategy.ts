/** What kind of source a connection's strategy is; it decides who may edit which attributes. */
export type StrategyKind = 'DATABASE' | 'PASSWORDLESS' | 'SOCIAL' | 'ENTERPRISE';

/** The strategy of connections whose users sign in with a password that this gateway keeps; also the prefix of their ids. */
export const databaseStrategy = 'auth0';

const passwordless = new Set(['sms', 'email']);

const social = new Set([
  'apple',
  'bitbucket',
  'discord',
  'facebook',
  'github',
  'gitlab',
  'google-oauth2',
  'linkedin',
  'slack',
  'twitter',
  'windowslive',
]);

/** A strategy that is not known is treated as an enterprise directory: its data belongs to that directory. */
export function strategyKind(strategy: string): StrategyKind {
  if (strategy === databaseStrategy) return 'DATABASE';
  if (passwordless.has(strategy)) return 'PASSWORDLESS';
  return social.has(strategy) ? 'SOCIAL' : 'ENTERPRISE';
}

/** Whether identifiers of this connection are unique here and usable to sign in here. */
export function ownsIdentifiers(strategy: string): boolean {
  const kind = strategyKind(strategy);
  return kind === 'DATABASE' || kind === 'PASSWORDLESS';
}
