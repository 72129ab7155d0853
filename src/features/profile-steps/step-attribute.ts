import { declaredAttributes } from '#src/access/attribute-catalogue';
import { segmentsOf } from '#src/access/attribute-path';
import { checkPatch } from '#src/features/metadata/check-metadata';
import { profileStepErrors } from './profile-step.errors';
import { attributePaths, synchronisedKeys, type ProfileKey } from '#src/features/users/profile/profile';

/** Where the value of a step is written. */
export type StepTarget =
  | { readonly of: 'root'; readonly key: ProfileKey; readonly name: string }
  | { readonly of: 'metadata'; readonly path: string; readonly name: string };

/** Root attributes that a user may be asked for: those that neither identify nor need a proof. */
const askable: ReadonlyMap<string, ProfileKey> = new Map(
  synchronisedKeys.map((key) => [attributePaths[key], key]),
);

/**
 * The canonical attribute of a step: a root attribute such as `given_name`, or a path below `user_metadata`. A name that is no
 * attribute of the profile means a key of `user_metadata`.
 */
export function stepAttribute(text: string): string {
  const segments = segmentsOf(text);
  const [root = '', ...below] = segments;
  if (askable.has(root) && below.length === 0) return root;
  if (root === 'user_metadata' && below.length > 0) {
    return metadataPath(below);
  }
  const isKnown = declaredAttributes().some((path) => segmentsOf(path)[0] === root);
  if (!isKnown && below.length === 0) return metadataPath([text.trim()]);
  throw profileStepErrors.INVALID_PROFILE_STEP({
    message: `Users can be asked for ${[...askable.keys()].join(', ')} and for paths below user_metadata, not for "${text.slice(0, 100)}".`,
    extensions: { field: 'attribute' },
  });
}

/** Refuses keys that metadata cannot have. */
function metadataPath(keys: readonly string[]): string {
  checkPatch(
    keys.reduceRight<unknown>((value, key) => Object.fromEntries([[key, value]]), null),
    'user',
  );
  return ['user_metadata', ...keys].join('.');
}

export function stepTarget(attribute: string): StepTarget {
  const key = askable.get(attribute);
  if (key) return { of: 'root', key, name: attribute };
  const path = attribute.slice('user_metadata.'.length);
  return { of: 'metadata', path, name: path };
}
