/** Where a command prints. Results go to `out`, so that they can be piped; everything else goes to `err`. */
export interface CliIo {
  out(text: string): void;
  err(text: string): void;
  /** Bytes of a result as they are, no line added; resolves when more may come. */
  write(bytes: Buffer): Promise<void>;
  /** Whether a person watches: only then progress and boxes are shown. */
  readonly isTerminal: boolean;
}

/** The process's own streams. */
export const processIo: CliIo = {
  out: (text) => void process.stdout.write(`${text}\n`),
  err: (text) => void process.stderr.write(`${text}\n`),
  write: (bytes) =>
    new Promise((resolve, reject) => {
      process.stdout.write(bytes, (error) => (error ? reject(error) : resolve()));
    }),
  isTerminal: process.stderr.isTTY,
};
