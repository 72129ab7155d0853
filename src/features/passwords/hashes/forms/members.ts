import { refusal } from '#src/features/passwords/hashes/hash-problem';

/** Reads the members of a JSON object one by one; what nobody read is refused at the end. */
export class Members {
  private readonly given: Readonly<Record<string, unknown>>;
  private readonly known = new Set<string>();
  private readonly inner: Members[] = [];

  constructor(
    value: unknown,
    private readonly path: string,
  ) {
    if (value === null || typeof value !== 'object' || Array.isArray(value)) {
      throw refusal('INVALID_TYPE', 'This must be an object.', path);
    }
    this.given = value as Readonly<Record<string, unknown>>;
  }

  /** Throws ADDITIONAL_PROPERTY for a member, here or further inside, that nothing read. */
  done(): void {
    const unknown = Object.keys(this.given).find((name) => !this.known.has(name));
    if (unknown !== undefined) {
      throw refusal(
        'ADDITIONAL_PROPERTY',
        'This member is not known or not used here.',
        this.at(unknown.slice(0, 100)),
      );
    }
    for (const members of this.inner) members.done();
  }

  object(name: string): Members {
    this.require(name);
    return this.optionalObject(name) as Members;
  }

  optionalObject(name: string): Members | null {
    const value = this.read(name);
    if (value === undefined) return null;
    const members = new Members(value, this.at(name));
    this.inner.push(members);
    return members;
  }

  text(name: string): string {
    this.require(name);
    const value = this.read(name);
    if (typeof value !== 'string') throw refusal('INVALID_TYPE', 'This must be a text.', this.at(name));
    return value;
  }

  optionalText(name: string): string | null {
    return this.read(name) === undefined ? null : this.text(name);
  }

  whole(name: string): number {
    this.require(name);
    const value = this.read(name);
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 1) {
      throw refusal('INVALID_TYPE', 'This must be a whole number above zero.', this.at(name));
    }
    return value;
  }

  optionalWhole(name: string): number | null {
    return this.read(name) === undefined ? null : this.whole(name);
  }

  choice<Value extends string>(name: string, values: readonly Value[]): Value {
    const value = this.text(name);
    if (!(values as readonly string[]).includes(value)) {
      throw refusal('ENUM_MISMATCH', `This must be one of ${values.join(', ')}.`, this.at(name));
    }
    return value as Value;
  }

  optionalChoice<Value extends string>(name: string, values: readonly Value[]): Value | null {
    return this.read(name) === undefined ? null : this.choice(name, values);
  }

  private read(name: string): unknown {
    this.known.add(name);
    return Object.hasOwn(this.given, name) ? this.given[name] : undefined;
  }

  private require(name: string): void {
    if (this.read(name) === undefined) {
      throw refusal('OBJECT_REQUIRED', 'This member is required.', this.at(name));
    }
  }

  private at(name: string): string {
    return this.path === '' ? name : `${this.path}.${name}`;
  }
}
