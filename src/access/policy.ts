import type { AttributeAction } from '#src/access/rule';

/** A stored attribute rule as the engine reads it; its table belongs to the feature `attribute-rules`. */
export interface AttributeRule {
  readonly id: string;
  readonly name: string;
  readonly effect: 'DENY' | 'MASK' | 'ALLOW';
  readonly actions: readonly AttributeAction[];
  /** Canonical attribute paths; `*` stands for one segment, `**` for any number. */
  readonly paths: readonly string[];
  readonly subject: {
    readonly rolesAny?: readonly string[];
    readonly rolesNone?: readonly string[];
    readonly permissionsAny?: readonly string[];
    readonly principals?: readonly string[];
  };
  readonly object: {
    readonly connections?: readonly string[];
    readonly organizations?: readonly string[];
    /** true: only the caller's own data; false: only others'; absent: both. */
    readonly self?: boolean;
  };
  readonly mask: 'NULL' | 'FIXED' | 'LAST4' | 'EMAIL_LOCAL' | 'HASH' | null;
}

export interface BlacklistEntry {
  readonly scope: 'TENANT' | 'CONNECTION' | 'ORGANIZATION';
  /** Connection name or organization id; empty for the tenant. */
  readonly scopeId: string;
  /** Attribute path or raw claim name. */
  readonly name: string;
}

/** The stored rules and blacklist of one version, compiled. Immutable: a request pins one and keeps it. */
export interface Policy {
  readonly version: number;
  readonly rules: readonly AttributeRule[];
  readonly blacklist: readonly BlacklistEntry[];
}
