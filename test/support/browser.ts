import { parse } from 'cookie';

export interface Visit {
  readonly status: number;
  readonly url: string;
  readonly body: string;
  readonly headers: Headers;
}

/** A browser without a screen: cookies for each host, redirects followed one by one. `origins` leads public addresses to real ones. */
export class TestBrowser {
  private readonly jars = new Map<string, Map<string, string>>();

  constructor(private readonly origins: Readonly<Record<string, string>> = {}) {}

  /** The value of a cookie that an origin has set. */
  cookie(origin: string, name: string): string | undefined {
    return this.jars.get(new URL(origin).host)?.get(name);
  }

  /** One request without following anything. */
  async request(
    address: string,
    form?: Readonly<Record<string, string>>,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Visit> {
    const url = new URL(address);
    const real = new URL(this.origins[url.origin] ?? url.origin);
    const target = new URL(url.pathname + url.search, real);
    const jar = this.jars.get(url.host) ?? new Map<string, string>();
    this.jars.set(url.host, jar);
    const response = await fetch(target, {
      method: form === undefined ? 'GET' : 'POST',
      redirect: 'manual',
      headers: {
        ...headers,
        cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; '),
        ...(form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
      },
      ...(form === undefined ? {} : { body: new URLSearchParams(form).toString() }),
    });
    for (const header of response.headers.getSetCookie()) keep(jar, header);
    return { status: response.status, url: address, body: await response.text(), headers: response.headers };
  }

  /** Follows redirects until an answer is none, or leads to an address that begins with `until`: that one is answered, not visited. */
  async visit(
    address: string,
    until = '\0',
    form?: Readonly<Record<string, string>>,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Visit> {
    let visit = await this.request(address, form, headers);
    for (let hop = 0; hop < 15; hop += 1) {
      const location = visit.headers.get('location');
      if (visit.status < 300 || visit.status > 399 || location === null) return visit;
      const next = new URL(location, visit.url).href;
      if (next.startsWith(until)) return { ...visit, url: next };
      visit = await this.request(next);
    }
    throw new Error('The redirects do not end.');
  }
}

function keep(jar: Map<string, string>, header: string): void {
  const [pair = ''] = header.split(';');
  const [[name, value] = ['', '']] = Object.entries(parse(pair));
  if (value === undefined || value === '' || /max-age=0|expires=thu, 01 jan 1970/i.test(header))
    jar.delete(name);
  else jar.set(name, value);
}
