/** The form in which texts are compared without case: Unicode lower case, not normalised and independent of any language. */
export function foldText(text: string): string {
  return text.toLowerCase();
}

/** `foldText` of a value that may be absent. */
export function foldOptional(text: string | null | undefined): string | null {
  return text === null || text === undefined ? null : foldText(text);
}
