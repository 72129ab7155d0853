import { readFileSync, readdirSync } from 'node:fs';
import { join, posix } from 'node:path';
import ts from 'typescript';

/** Paths relative to the root of the repository (`src/users/user.type.ts`) and their texts. */
export type SourceTree = ReadonlyMap<string, string>;

export interface ImportLine {
  /** As written: `#src/shared/errors`, `./user.type`, `typeorm`. */
  readonly specifier: string;
  /** Path inside the repository without extension, or null for a package. */
  readonly target: string | null;
  /** Erased by the compiler: `import type`, or every name in it marked `type`. */
  readonly isType: boolean;
  readonly line: number;
}

/** A text that matters to a rule, and its line. */
export interface Mention {
  readonly text: string;
  readonly line: number;
}

export interface SourceFacts {
  readonly path: string;
  readonly lineCount: number;
  readonly imports: readonly ImportLine[];
  /** String literals and the fixed parts of templates, import specifiers left out. */
  readonly strings: readonly Mention[];
  /** Uses of the environment, of the time and of chance: `process.env`, `new Date`, `Date.now`, `Math.random`. */
  readonly ambient: readonly Mention[];
}

/** Reads every file below the given folders. */
export function readTree(root: string, folders: readonly string[]): SourceTree {
  const tree = new Map<string, string>();
  for (const folder of folders) {
    for (const entry of readdirSync(join(root, folder), { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const file = join(entry.parentPath, entry.name);
      tree.set(file.slice(root.length + 1), readFileSync(file, 'utf8'));
    }
  }
  return tree;
}

export function readFacts(path: string, source: string): SourceFacts {
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.ES2023, true);
  const imports: ImportLine[] = [];
  const strings: Mention[] = [];
  const ambient: Mention[] = [];
  const lineOf = (node: ts.Node): number => file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1;

  const addImport = (literal: ts.Node | undefined, isType: boolean): void => {
    if (!literal || !ts.isStringLiteralLike(literal)) return;
    const specifier = literal.text;
    imports.push({ specifier, target: targetOf(path, specifier), isType, line: lineOf(literal) });
  };

  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) return addImport(node.moduleSpecifier, isErased(node.importClause));
    if (ts.isExportDeclaration(node)) return addImport(node.moduleSpecifier, node.isTypeOnly);
    if (ts.isImportTypeNode(node)) {
      addImport(ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined, true);
    } else if (ts.isCallExpression(node) && isModuleCall(node.expression)) {
      addImport(node.arguments[0], false);
    } else if (ts.isStringLiteralLike(node) || isTemplatePart(node)) {
      strings.push({ text: node.text, line: lineOf(node) });
    }
    const use = ambientUse(node);
    if (use) ambient.push({ text: use, line: lineOf(node) });
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(file, visit);
  const lineCount = source.split('\n').length - (source.endsWith('\n') ? 1 : 0);
  return { path, lineCount, imports, strings, ambient };
}

function targetOf(path: string, specifier: string): string | null {
  if (specifier.startsWith('#')) return specifier.slice(1);
  if (specifier.startsWith('.')) return posix.join(posix.dirname(path), specifier);
  return null;
}

function isErased(clause: ts.ImportClause | undefined): boolean {
  if (!clause) return false;
  if (clause.isTypeOnly) return true;
  const named = clause.namedBindings;
  if (clause.name || !named || !ts.isNamedImports(named)) return false;
  return named.elements.length > 0 && named.elements.every((element) => element.isTypeOnly);
}

function isModuleCall(callee: ts.Expression): boolean {
  return (
    callee.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(callee) && callee.text === 'require')
  );
}

function isTemplatePart(node: ts.Node): node is ts.TemplateLiteralLikeNode {
  return ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node);
}

const ambientMembers = new Set(['process.env', 'Date.now', 'Math.random']);

function ambientUse(node: ts.Node): string | null {
  if (ts.isNewExpression(node) && lastName(node.expression) === 'Date') return 'new Date';
  if (ts.isPropertyAccessExpression(node)) return known(`${lastName(node.expression)}.${node.name.text}`);
  if (ts.isElementAccessExpression(node) && ts.isStringLiteralLike(node.argumentExpression)) {
    return known(`${lastName(node.expression)}.${node.argumentExpression.text}`);
  }
  if (ts.isVariableDeclaration(node) && ts.isObjectBindingPattern(node.name) && node.initializer) {
    const object = lastName(node.initializer);
    for (const element of node.name.elements) {
      const use = known(`${object}.${(element.propertyName ?? element.name).getText()}`);
      if (use) return use;
    }
  }
  return null;
}

function known(member: string): string | null {
  return ambientMembers.has(member) ? member : null;
}

/** The name that an expression ends in: `process` for both `process` and `globalThis.process`. */
function lastName(expression: ts.Expression): string {
  if (ts.isIdentifier(expression)) return expression.text;
  return ts.isPropertyAccessExpression(expression) ? expression.name.text : '';
}
