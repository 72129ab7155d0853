import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';

export interface Finding {
  readonly id: string;
  readonly impact: string | null;
}

const axeSource = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** The narrowest window in which a page has to be read without scrolling sideways (WCAG 2.2, 1.4.10), and a usual one. */
const narrow = { width: 320, height: 640 };
const usual = { width: 1_280, height: 720 };

/**
 * What axe-core finds on the page, and whether it is wider than a narrow window. The script comes in through the debugger, which no policy of the page
 * governs.
 */
export async function findings(page: Page): Promise<Finding[]> {
  await page.setViewportSize(narrow);
  const isWide = await page.evaluate(() => {
    const { documentElement: root } = (
      globalThis as unknown as { document: { documentElement: { scrollWidth: number; clientWidth: number } } }
    ).document;
    return root.scrollWidth > root.clientWidth;
  });
  await page.setViewportSize(usual);
  await page.evaluate(axeSource);
  const found = await page.evaluate(async () => {
    const axe = (globalThis as unknown as { axe: { run(): Promise<{ violations: Finding[] }> } }).axe;
    return (await axe.run()).violations.map(({ id, impact }) => ({ id, impact }));
  });
  return isWide ? [...found, { id: `wider than ${narrow.width} px`, impact: 'serious' }] : found;
}
