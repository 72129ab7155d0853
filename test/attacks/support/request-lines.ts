import type { Logger } from '#src/shared/logger';

interface Line {
  readonly level: string;
  readonly message: string | undefined;
  readonly fields: Record<string, unknown>;
}

/** Keeps every log line, so that tests can count the statements of a request and look for values that must not be logged. */
export class RequestLines {
  readonly all: Line[] = [];
  private readonly counts = new Map<string, number>();

  readonly logger: Logger = this.at({});

  /** SQL statements of a served request. Its line is written when the answer has left, so it may be a moment away. */
  async statementsOf(requestId: string): Promise<number> {
    for (let attempt = 0; attempt < 20_000; attempt += 1) {
      const count = this.counts.get(requestId);
      if (count !== undefined) return count;
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    throw new Error(`No line was logged for the request ${requestId}.`);
  }

  /** All lines as one text, errors with their messages and stacks included. */
  text(): string {
    return this.all.map((line) => JSON.stringify(line, readable)).join('\n');
  }

  private at(bound: object): Logger {
    const write =
      (level: string) =>
      (fields: object, message?: string): void => {
        const all = { ...bound, ...fields } as Record<string, unknown>;
        this.all.push({ level, message, fields: all });
        if (message === 'request') this.counts.set(String(all['requestId']), Number(all['statements']));
      };
    return {
      debug: write('debug'),
      info: write('info'),
      warn: write('warn'),
      error: write('error'),
      child: (fields) => this.at({ ...bound, ...fields }),
    };
  }
}

function readable(_key: string, value: unknown): unknown {
  return value instanceof Error ? { ...value, message: value.message, stack: value.stack } : value;
}
