import { attributePaths, type ProfileKey } from './profile';
import type { Instant } from '#src/shared/clock';

/** Who gave an attribute its value: an identity provider when somebody signed in, or a caller of this gateway. */
export type SourceKind = 'PROVIDER' | 'LOCAL';

export interface AttributeSource {
  readonly source: SourceKind;
  /** The connection, where a provider gave it. */
  readonly connection: string | null;
  readonly at: Instant;
}

/** By attribute path; an attribute that was stored before sources were kept is absent. */
export type AttributeSources = Readonly<Record<string, AttributeSource>>;

/** The sources after these attributes were written; one that was emptied keeps who emptied it, so that nobody else does it again. */
export function withSources(
  stored: AttributeSources | null,
  keys: readonly ProfileKey[],
  source: AttributeSource,
): AttributeSources {
  const sources: Record<string, AttributeSource> = { ...stored };
  for (const key of keys) sources[attributePaths[key]] = source;
  return sources;
}

/** Reads the stored column; what is no source is left out. */
export function readSources(stored: unknown): AttributeSources {
  if (stored === null || typeof stored !== 'object') return {};
  return stored as AttributeSources;
}
