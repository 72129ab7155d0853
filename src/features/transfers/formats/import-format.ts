/** The kinds of files that can be imported; AUTO looks at the beginning of the file. */
export const importFormats = [
  'AUTO',
  'NATIVE',
  'OKTA',
  'GIGYA',
  'STORMPATH',
  'KEYCLOAK',
  'FIREBASE_JSON',
  'FIREBASE_CSV',
  'COGNITO_CSV',
  'COGNITO_JSON',
  'SCIM',
  'CSV',
] as const;

export type ImportFormat = (typeof importFormats)[number];

/** A kind of file whose rows are known how to read. */
export type KnownFormat = Exclude<ImportFormat, 'AUTO'>;

/** What there is to say of a row or of one of its members. SECURITY: a message never holds a value of the row. */
export interface Finding {
  readonly code: string;
  readonly message: string;
  /** `app_metadata.plan`; absent: the row as a whole. */
  readonly path?: string;
}

/** A record of a file in the native form, or why there is none. */
export interface MappedRow {
  /** Null: not imported, for `errors` or because it is `skipped`. */
  readonly row: NativeObject | null;
  readonly errors: readonly Finding[];
  readonly warnings: readonly Finding[];
}

/** A row in the form of the native schema, not checked yet. */
export type NativeObject = Readonly<Record<string, unknown>>;

/** Hash settings of a Firebase project, as its console shows them. */
export interface FirebaseHashConfig {
  readonly base64SignerKey: string;
  readonly base64SaltSeparator: string;
  readonly rounds: number;
  readonly memCost: number;
}

/** How vendor files are read. */
export interface MappingOptions {
  /** Put in front of the source's ids, with a bar: `okta|00u1`. Empty: ids as they are. */
  readonly idPrefix: string;
  /** Addresses whose source says nothing count as verified. */
  readonly assumeEmailVerified: boolean;
  /** Members that have no place of their own go to `app_metadata.<vendor>`. */
  readonly keepUnmapped: boolean;
  /** Accounts that never finished their registration are imported too. */
  readonly includeLite: boolean;
  /** Columns of a CSV file: column name to target path. */
  readonly mapping: Readonly<Record<string, string>> | null;
  /** `APART`: the settings are kept with the job, and no row repeats them. Null: they are not known. */
  readonly firebase: FirebaseHashConfig | 'APART' | null;
}

export const usualMapping: MappingOptions = {
  idPrefix: '',
  assumeEmailVerified: false,
  keepUnmapped: false,
  includeLite: false,
  mapping: null,
  firebase: null,
};

/** Reads one record of a vendor's file; pure. */
export type MapRecord = (record: unknown, options: MappingOptions) => MappedRow;
