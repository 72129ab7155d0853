const form = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** The value of a JSON number, or null when the text is none. It may be infinite. */
export function readNumeral(text: string): number | null {
  return form.test(text) ? Number(text) : null;
}
