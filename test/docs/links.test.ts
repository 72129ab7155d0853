import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { allPages, docPage, prose, root, type DocPage } from '#test/docs/pages';

interface Link {
  readonly target: string;
  readonly anchor: string | null;
}

/** Links of a page to files of the project and places in pages. */
function localLinks(page: DocPage): Link[] {
  return [...prose(page).matchAll(/\]\(([^)\s]+)\)/g)]
    .map((match) => match[1] as string)
    .filter((url) => !/^[a-z]+:/.test(url))
    .map((url) => {
      const [path = '', anchor = null] = url.split('#');
      return { target: path === '' ? page.path : normalize(join(dirname(page.path), path)), anchor };
    });
}

/** The anchors of a page's headings, as the usual hosts make them. */
function anchorsOf(page: DocPage): Set<string> {
  const headings = [...prose(page).matchAll(/^#+ (.+)$/gm)].map((match) => match[1] as string);
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

const pages = allPages();

describe.each(pages.map((page) => [page.path, page] as const))('%s', (_path, page) => {
  it('links to files that are there', () => {
    const broken = localLinks(page).filter(({ target }) => !existsSync(join(root, target)));
    expect(broken).toEqual([]);
  });

  it('links to headings that are there', () => {
    const broken = localLinks(page).filter(({ target, anchor }) => {
      if (anchor === null || !existsSync(join(root, target))) return false;
      return !anchorsOf(docPage(target)).has(anchor);
    });
    expect(broken).toEqual([]);
  });
});

test('every page in docs/ can be reached from the README', () => {
  const reached = new Set<string>(['README.md']);
  for (const path of reached) {
    const targets = localLinks(docPage(path)).map(({ target }) => target);
    targets.filter((target) => target.endsWith('.md')).forEach((target) => reached.add(target));
  }
  const lost = pages.filter(({ path }) => path.startsWith('docs/') && !reached.has(path));
  expect(lost.map(({ path }) => path)).toEqual([]);
});
