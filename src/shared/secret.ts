import { inspect } from 'node:util';

/** What printing a secret shows instead of its value. */
export const secretMark = '[secret]';

/**
 * Holds a value that must not be printed by accident: string conversion, JSON and `util.inspect` show a mark.
 * Only `reveal()` gives the value, so every place that uses it can be found by that word.
 */
export class Secret<Value = string> {
  readonly #value: Value;

  constructor(value: Value) {
    this.#value = value;
  }

  reveal(): Value {
    return this.#value;
  }

  toString(): string {
    return secretMark;
  }

  toJSON(): string {
    return secretMark;
  }

  [inspect.custom](): string {
    return secretMark;
  }
}
