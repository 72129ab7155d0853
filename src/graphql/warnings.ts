/** Something to mind about what was done, as the answer's `extensions.warnings` shows it: a code and a sentence without any value. */
export interface AnswerWarning {
  readonly code: string;
  readonly message: string;
}

const warnings = new WeakMap<object, AnswerWarning[]>();
/** The answer stays short, however much was done. */
const mostWarnings = 50;

/** Adds to the warnings of the answer to this request. */
export function addWarnings(context: object, added: readonly AnswerWarning[]): void {
  if (added.length === 0) return;
  const known = warnings.get(context) ?? [];
  warnings.set(context, [...known, ...added].slice(0, mostWarnings));
}

export function warningsOf(context: object): readonly AnswerWarning[] {
  return warnings.get(context) ?? [];
}
