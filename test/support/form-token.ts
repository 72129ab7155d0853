/** What a browser has that has opened a page with a form: the cookie, and the field of the form. */
export interface FormToken {
  readonly cookie: string;
  readonly csrf: string;
}

const known = new Map<string, Promise<FormToken>>();

/** Opens the sign-in page of a gateway as a browser does; once for each gateway. */
export function formTokenOf(url: string): Promise<FormToken> {
  const found = known.get(url) ?? opened(url);
  known.set(url, found);
  return found;
}

async function opened(url: string): Promise<FormToken> {
  const response = await fetch(`${url}/login`);
  const csrf = /name="csrf" value="([^"]*)"/.exec(await response.text())?.[1] ?? '';
  const cookie = response.headers
    .getSetCookie()
    .map((header) => header.split(';')[0] ?? '')
    .find((pair) => pair.includes('gid_csrf='));
  return { cookie: cookie ?? '', csrf };
}
