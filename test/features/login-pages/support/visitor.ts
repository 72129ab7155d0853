import { issuer } from '#test/features/factors/support/factor-scene';
import { TestBrowser, type Visit } from '#test/support/browser';

/** Somebody without script in front of the pages: follows links and sends forms as they stand in the page. */
export class Visitor {
  readonly browser: TestBrowser;
  visit: Visit = { status: 0, url: '', body: '', headers: new Headers() };

  constructor(readonly realUrl: string) {
    this.browser = new TestBrowser({ [issuer]: realUrl });
  }

  /** Follows redirects until one leads away to an application. */
  async open(address: string, form?: Record<string, string>): Promise<this> {
    this.visit = await this.browser.visit(address, 'https://', form);
    return this;
  }

  /** Sends the form that takes a step, with its hidden fields and these. `value`: the button's own. */
  async send(step: string, fields: Record<string, string> = {}, value?: string): Promise<this> {
    const form = this.forms().find(
      ({ hidden }) => hidden.do === step && (value === undefined || hidden.value === value),
    );
    if (form === undefined) throw new Error(`The page has no form for ${step}: ${this.visit.body}`);
    return this.open(`${issuer}${form.action}`, { ...form.hidden, ...fields });
  }

  /** Presses the one button of a page, such as that of a ticket, with the token that our forms carry. */
  async press(address: string): Promise<this> {
    await this.open(`${issuer}/login`);
    const csrf = /name="csrf" value="([^"]*)"/.exec(this.visit.body)?.[1] ?? '';
    return this.open(address, { csrf });
  }

  /** Goes where the page sends the browser by itself. */
  async goOn(): Promise<this> {
    const [, path = ''] = /^0;url=(.*)$/.exec(this.visit.headers.get('refresh') ?? '') ?? [];
    return this.open(new URL(path, issuer).href);
  }

  /** Follows the link of this text. */
  async follow(text: string): Promise<this> {
    const link = [...this.visit.body.matchAll(/<a class="way" href="([^"]*)">([^<]*)<\/a>/g)].find(
      ([, , label]) => label === text,
    );
    if (link === undefined) throw new Error(`The page has no link ${text}.`);
    return this.open(new URL(unescaped(link[1] ?? ''), issuer).href);
  }

  get title(): string {
    return /<h1>([^<]*)<\/h1>/.exec(this.visit.body)?.[1] ?? '';
  }

  get problem(): string | null {
    const found = /<p class="problem"[^>]*>([^<]*)<\/p>/.exec(this.visit.body)?.[1];
    return found === undefined ? null : unescaped(found);
  }

  get session(): string | undefined {
    return this.browser.cookie(issuer, 'gid_session');
  }

  /** The text of the page without what differs from one page to the next. */
  get words(): string {
    return this.visit.body.replaceAll(/name="(flow|csrf)" value="[^"]*"/g, '');
  }

  forms(): { action: string; hidden: Record<string, string> }[] {
    return [...this.visit.body.matchAll(/<form method="post" action="([^"]*)">(.*?)<\/form>/gs)].map(
      ([, action = '', inner = '']) => ({
        action,
        hidden: Object.fromEntries(
          [...inner.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)].map(
            ([, name = '', value = '']) => [name, unescaped(value)],
          ),
        ),
      }),
    );
  }
}

function unescaped(text: string): string {
  return text.replaceAll(/&#(\d+);/g, (_all, code: string) => String.fromCharCode(Number(code)));
}
