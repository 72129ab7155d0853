/** Names as a provider gives them: a list, or one text with commas or blanks between them. Everything else is none. */
export function assertedNames(value: unknown): readonly string[] {
  const parts =
    typeof value === 'string' ? value.split(/[,\s]+/) : Array.isArray(value) ? (value as unknown[]) : [];
  const names = parts.filter((part): part is string => typeof part === 'string' && part.trim() !== '');
  return [...new Set(names.map((name) => name.trim()))].slice(0, mostNames);
}

/** More than any directory puts into an assertion. */
const mostNames = 1000;
