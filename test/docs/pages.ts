import { readFileSync, readdirSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

export const root = resolve(__dirname, '../..');

/** A page of the documentation. */
export interface DocPage {
  /** From the root of the project: `docs/errors.md`. */
  readonly path: string;
  readonly text: string;
}

export function docPage(path: string): DocPage {
  return { path, text: readFileSync(join(root, path), 'utf8') };
}

/** The pages at the top, those in docs/, and the README of every folder. */
export function allPages(): DocPage[] {
  return [root, ...['docs', 'src', 'bench'].map((folder) => join(root, folder))]
    .flatMap((folder) => markdownIn(folder, folder !== root))
    .map((file) => docPage(relative(root, file)));
}

function markdownIn(folder: string, isDeep: boolean): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const full = join(folder, entry.name);
    if (entry.isDirectory()) return isDeep && entry.name !== 'node_modules' ? markdownIn(full, true) : [];
    return entry.name.endsWith('.md') ? [full] : [];
  });
}

/** The contents of the page's code blocks in a language. */
export function codeBlocks({ text }: DocPage, language: string): string[] {
  const fence = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm');
  return [...text.matchAll(fence)].map((match) => match[1] as string);
}

/** The page without its code: links and headings in examples are none. */
export function prose({ text }: DocPage): string {
  return text.replace(/^```[\s\S]*?^```$/gm, '');
}

/** The GraphQL example with an operation of this name. */
export function operation(page: DocPage, name: string): string {
  const found = codeBlocks(page, 'graphql').filter((block) =>
    new RegExp(`\\b(query|mutation) ${name}\\b`).test(block),
  );
  if (found.length !== 1) throw new Error(`${page.path} has ${found.length} operations named ${name}.`);
  return found[0] as string;
}

/** The cells of the rows of the page's tables, headers and rules left out. A `|` that is escaped belongs to its cell. */
export function tableRows({ text }: DocPage): string[][] {
  const lines = text.split('\n');
  return lines
    .filter((line, index) => line.startsWith('|') && !isRule(line) && !isRule(lines[index + 1] ?? ''))
    .map((line) => line.split(/(?<!\\)\|/).slice(1, -1))
    .map((cells) => cells.map((cell) => cell.trim()));
}

function isRule(line: string): boolean {
  return /^\|( ?-+ ?\|)+$/.test(line);
}
