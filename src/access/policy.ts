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
    /** Client ids of the applications that the caller's token was issued to. */
    readonly applications?: readonly string[];
    /** true: only somebody who acts in the name of a user; false: everybody else; absent: both. */
    readonly impersonates?: boolean;
    /** Delegated administrators whom the hooks of this scope govern: an organization, or with the empty text the deployment. */
    readonly delegatedIn?: string;
  };
  readonly object: {
    readonly connections?: readonly string[];
    /** Strategies of the connections, such as `samlp`. */
    readonly strategies?: readonly string[];
    readonly organizations?: readonly string[];
    /** true: only the caller's own data; false: only others'; absent: both. */
    readonly self?: boolean;
  };
  /** The sign-in that suffices: a DENY or MASK spares such a sign-in, an ALLOW opens to such a sign-in alone. */
  readonly conditions?: {
    readonly acr?: string;
    readonly maxAgeSeconds?: number;
  };
  /** How a DENY answers readers: with an error, or with a null that cannot be told from a value that is missing. */
  readonly denial?: 'ERROR' | 'NULL_SILENT';
  /** An ALLOW for FILTER that lets callers look up by a whole value which they may not read; see `look-up.ts`. */
  readonly acceptOracleRisk?: boolean;
  readonly mask: 'NULL' | 'FIXED' | 'LAST4' | 'EMAIL_LOCAL' | 'HASH' | null;
}

export interface BlacklistEntry {
  readonly scope: 'TENANT' | 'CONNECTION' | 'ORGANIZATION';
  /** Connection name or organization id; empty for the tenant. */
  readonly scopeId: string;
  /** Attribute path or raw claim name. */
  readonly name: string;
}

/** The declared shape of one JSON attribute. What it says of readers, writers and searches is among the rules of the policy already. */
export interface AttributeSchema {
  /** `user_metadata` */
  readonly attribute: string;
  readonly schema: Readonly<Record<string, unknown>>;
  readonly undeclaredKeys: 'ALLOW' | 'REFUSE';
  readonly version: number;
  /** By path, the properties that are declared unique and are not, or not yet; absent: none. */
  readonly uniqueness?: Readonly<Record<string, PendingUniqueness>>;
}

/** A property that is not known to be unique: its values are being reserved by a job, or some of them repeat. */
export interface PendingUniqueness {
  readonly jobId: string;
  readonly isRepeated: boolean;
}

/** A hook of delegated administration as it is stored; the feature that owns it reads the definition. */
export interface StoredHook {
  /** Id of an organization; empty: of the deployment. */
  readonly scope: string;
  readonly name: string;
  readonly version: number;
  readonly definition: unknown;
}

/** The stored rules and blacklist of one version, compiled. Immutable: a request pins one and keeps it. */
export interface Policy {
  readonly version: number;
  readonly rules: readonly AttributeRule[];
  readonly blacklist: readonly BlacklistEntry[];
  /** Declared shapes of JSON attributes; absent where nothing is declared. */
  readonly schemas?: readonly AttributeSchema[];
  /** Current hooks of delegated administration; absent: none. */
  readonly delegation?: readonly StoredHook[];
  /** The stored rules are not known: whatever they govern is refused. */
  readonly unavailable?: true;
}

/** What a call runs under while the stored rules cannot be read or understood: everything that they govern is refused. */
export const unavailablePolicy: Policy = Object.freeze({
  version: 0,
  rules: Object.freeze([]),
  blacklist: Object.freeze([]),
  unavailable: true,
});
