import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ApolloServerErrorCode } from '@apollo/server/errors';
import { statusOf } from '#src/http/error-answer';
import { errorCatalogue, GatehouseError } from '#src/shared/errors';
import { docPage, root, tableRows } from '#test/docs/pages';

/** Loads every module that declares errors. */
async function loadDeclarations(): Promise<void> {
  const src = join(root, 'src');
  for (const file of readdirSync(src, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts')) continue;
    if (/\bdefineErrors\(/.test(readFileSync(join(src, file), 'utf8'))) await import(join(src, file));
  }
}

interface Row {
  readonly code: string;
  readonly where: string;
  readonly meaning: string;
}

const rows: Row[] = tableRows(docPage('docs/errors.md'))
  .filter(([code]) => /^`[A-Z_]+`$/.test(code ?? ''))
  .map(([code = '', where = '', meaning = '']) => ({ code: code.slice(1, -1), where, meaning }));

describe('docs/errors.md', () => {
  beforeAll(loadDeclarations);
  const libraryCodes = new Set<string>(Object.values(ApolloServerErrorCode));

  it('has a row for every code that the program declares', () => {
    const documented = new Set(rows.map(({ code }) => code));
    expect([...errorCatalogue().keys()].filter((code) => !documented.has(code))).toEqual([]);
  });

  it('has a row for every code of the GraphQL library', () => {
    const documented = new Set(rows.map(({ code }) => code));
    expect([...libraryCodes].filter((code) => !documented.has(code))).toEqual([]);
  });

  it('has no row for a code that nothing declares, and none twice', () => {
    const codes = rows.map(({ code }) => code);
    expect(codes.filter((code) => !errorCatalogue().has(code) && !libraryCodes.has(code))).toEqual([]);
    expect(new Set(codes).size).toBe(codes.length);
  });

  it('gives the HTTP status that the server sends', () => {
    const wrong = rows.filter(({ code, where }) => {
      const documented = /HTTP (\d+)/.exec(where)?.[1];
      const definition = errorCatalogue().get(code);
      if (documented === undefined || definition === undefined) return false;
      return statusOf(new GatehouseError(code, definition.kind, '')) !== Number(documented);
    });
    expect(wrong).toEqual([]);
  });

  it('says of each where it stands and what it means', () => {
    const place = /^(HTTP \d{3}|operation|field|start)(, (operation|field))*$/;
    expect(rows.filter(({ where, meaning }) => !place.test(where) || meaning.length < 10)).toEqual([]);
  });
});
