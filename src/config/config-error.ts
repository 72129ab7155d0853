/** One thing an operator has to put right before the program can start. */
export interface ConfigProblem {
  /** `http.port`, or the unknown name as it was written. */
  readonly key: string;
  /** Where the value came from: an environment variable, a file, a flag, or the default. */
  readonly source: string;
  /** What is wrong and what is allowed; without any secret value. */
  readonly problem: string;
}

/** A mistake in configuration or surroundings that stops the start: all problems together, to be printed without a stack. */
export class ConfigError extends Error {
  constructor(readonly problems: readonly ConfigProblem[]) {
    super(describe(problems));
    this.name = 'ConfigError';
  }
}

function describe(problems: readonly ConfigProblem[]): string {
  const lines = problems.map(({ key, source, problem }) => `${key} (${source}): ${problem}`);
  if (lines.length === 1) return `Configuration problem: ${lines[0]}`;
  return [`The configuration has ${lines.length} problems:`, ...lines.map((line) => `  ${line}`)].join('\n');
}
