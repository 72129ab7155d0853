/**
 * The mutations that somebody who acts in the name of a user may make: what support fixes for people, and the way out. SECURITY: a list of
 * what is allowed, so that a mutation that is added later is refused until somebody decides about it.
 */
export const delegableMutations: ReadonlySet<string> = new Set([
  'updateUserMetadata',
  'setMetadataPath',
  'clearMetadata',
  'updateMyMetadata',
  'signOut',
  'stopImpersonation',
]);
