import { isDeepStrictEqual } from 'node:util';
import { readConnectionOptions } from '#src/features/connections/connection-options';
import { mappingOf } from '#src/features/connections/mapping/mapping-of';
import type { CheckedSettings } from './check-settings';
import { changedTargets, type MappedSettings } from './mapping-guard';
import { optionRules, protocolOf } from './provider-options';

/** What is asked of the provider, and kept of its answer, whoever it is. */
const harmless: ReadonlySet<string> = new Set(['scopes', 'store_tokens']);

/** Whether a change decides who somebody from there is: the provider and its keys, and the claims that name the person or the groups. */
export function decidesWhoComesIn(
  { strategy, options: before }: MappedSettings,
  { options: after, secrets }: Pick<CheckedSettings, 'options' | 'secrets'>,
): boolean {
  const keys = Object.values(optionRules[protocolOf(strategy)]).map(({ key }) => key);
  const isChanged = (key: string): boolean => !isDeepStrictEqual(before[key], after[key]);
  if (secrets.size > 0 || keys.some((key) => !harmless.has(key) && isChanged(key))) return true;
  const userId = (options: MappedSettings['options']): readonly string[] =>
    mappingOf(strategy, readConnectionOptions(options).attributeMapping).userId;
  return (
    !isDeepStrictEqual(userId(before), userId(after)) ||
    changedTargets(strategy, before, after).includes('groups')
  );
}
