import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import type { LoginScene } from '#test/features/login-pages/support/login-scene';

/** What cases in a real browser begin with. */
export interface PageScene {
  readonly scene: LoginScene;
  readonly origin: string;
  readonly clientId: string;
  readonly open: (
    options: BrowserContextOptions,
  ) => Promise<{ readonly context: BrowserContext; readonly page: Page; readonly problems: string[] }>;
  readonly enter: (page: Page, text: string) => Promise<void>;
}
