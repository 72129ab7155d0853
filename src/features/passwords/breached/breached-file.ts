import { open, type FileHandle } from 'node:fs/promises';

const hashLength = 40;
/** A hash, a count and line ends are shorter. */
const longestLine = 80;

/** Looks a hash up in a file of lines `SHA1:COUNT` in the order of the hashes, by halving: some 35 reads of a file of 40 GB. */
export async function findInFile(path: string, hash: string): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    let from = 0;
    let to = (await file.stat()).size;
    while (from < to) {
      const middle = Math.floor((from + to) / 2);
      const { start, end, text } = await lineAt(file, middle);
      const found = text.slice(0, hashLength).toUpperCase();
      if (found === hash) return Number(text.slice(hashLength + 1).trim() || 1) > 0;
      if (found < hash) from = end;
      else to = start;
    }
    return false;
  } finally {
    await file.close();
  }
}

interface Line {
  readonly start: number;
  /** Where the next line starts. */
  readonly end: number;
  readonly text: string;
}

/** The line that the byte at `position` belongs to. */
async function lineAt(file: FileHandle, position: number): Promise<Line> {
  const first = Math.max(0, position - longestLine);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(2 * longestLine), 0, 2 * longestLine, first);
  const text = buffer.toString('latin1', 0, bytesRead);
  const before = text.lastIndexOf('\n', position - first - 1);
  const after = text.indexOf('\n', position - first);
  const start = position === first ? 0 : before + 1;
  const end = after === -1 ? bytesRead : after + 1;
  return { start: first + start, end: first + end, text: text.slice(start, end) };
}
