import { strategyKind } from '#src/features/connections/strategy';

/**
 * The ids under which an identity may be stored for an id that its provider says, the one for a new identity first. SECURITY: different
 * people at the provider are different here, also where one of them is called as the identity of another is stored (`corp|ada`): nothing is
 * cut off, and what looks like a stored id is not looked up as one.
 */
export function storedIds({ name, strategy }: IdSource, subject: string): readonly [string, ...string[]] {
  if (strategyKind(strategy) !== 'ENTERPRISE') return [subject];
  // Directories of different companies may give the same id, so the connection is part of it; imported users may be without.
  const own = `${name}|`;
  return subject.startsWith(own) ? [`${own}${subject}`] : [`${own}${subject}`, subject];
}

/** The same for a service that may know people by the ids that they have here (`samlp|corp|ada`) or had in another product. */
export function storedIdsOfOurs(
  { name, strategy }: IdSource,
  subject: string,
): readonly [string, ...string[]] {
  const prefix = `${strategy}|`;
  const own = subject.startsWith(prefix) ? subject.slice(prefix.length) : subject;
  if (strategyKind(strategy) !== 'ENTERPRISE') return [own];
  return own.startsWith(`${name}|`) ? [own] : [`${name}|${own}`, own];
}

interface IdSource {
  readonly name: string;
  readonly strategy: string;
}
