/** What can be wrong with an imported hash. The codes are those of a row of an import. */
export type HashProblemCode =
  | 'ADDITIONAL_PROPERTY'
  | 'ENUM_MISMATCH'
  | 'HASH_MALFORMED'
  | 'HASH_PARAMS_OUT_OF_BOUNDS'
  | 'HASH_UNSUPPORTED'
  | 'INVALID_TYPE'
  | 'NOT_PASSED'
  | 'OBJECT_REQUIRED'
  | 'PLAIN_PASSWORD';

/** Why a hash is not taken. Neither message nor path holds anything of the hash. */
export interface HashProblem {
  readonly code: HashProblemCode;
  readonly message: string;
  /** Member of the given value, with dots; empty: the value itself. */
  readonly path: string;
}

/** Thrown while a form is read, and caught where reading begins. */
export class HashRefusal extends Error {
  constructor(readonly problem: HashProblem) {
    super(problem.message);
  }
}

export function malformed(message: string, path = ''): HashRefusal {
  return new HashRefusal({ code: 'HASH_MALFORMED', message, path });
}

export function unsupported(message: string, path = ''): HashRefusal {
  return new HashRefusal({ code: 'HASH_UNSUPPORTED', message, path });
}

export function refusal(code: HashProblemCode, message: string, path = ''): HashRefusal {
  return new HashRefusal({ code, message, path });
}
