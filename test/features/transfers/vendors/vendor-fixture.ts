/** Ten users of another product, as its export writes them, and what has to become of them. */
export interface VendorFixture {
  readonly name: string;
  readonly file: string;
  readonly contentType: string;
  /** What the file is told to be. */
  readonly format: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** By e-mail address, what is expected of the user. */
  readonly users: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Who signs in with the password of the fixtures. */
  readonly hashed: readonly string[];
  /** Rows that fail: index and codes. */
  readonly errors: readonly (readonly [number, string])[];
  /** Rows with warnings: index and codes. */
  readonly warnings: readonly (readonly [number, ...string[]])[];
  readonly skipped: number;
}
