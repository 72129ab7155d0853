import type { TestApp } from '#test/support/app';

const jobFields = `id status percentageDone counts { processed } statusDetails { code message }
  userImport { format summary { total inserted updated skipped failed }
    errors { nodes { index line errors { code path } user } }
    warnings { nodes { index warnings { code path } } } }`;

export const importUsers = `mutation ($input: ImportUsersInput!) { importUsers(input: $input) { job { ${jobFields} } } }`;

interface Report {
  readonly index: number;
  readonly line: number | null;
  readonly errors: readonly { code: string; path: string | null }[];
  readonly user: Record<string, unknown> | null;
}

export interface Imported {
  readonly id: string;
  readonly status: string;
  readonly counts: { readonly processed: number };
  readonly statusDetails: { code: string; message: string } | null;
  readonly userImport: {
    readonly format: string;
    readonly summary: Record<'total' | 'inserted' | 'updated' | 'skipped' | 'failed', number>;
    readonly errors: { readonly nodes: readonly Report[] };
    readonly warnings: {
      readonly nodes: readonly {
        index: number;
        warnings: readonly { code: string; path: string | null }[];
      }[];
    };
  };
}

interface Upload {
  readonly query?: string;
  readonly type?: string;
  readonly as?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What the tests of imports do, in the name of an administrator unless they say otherwise. */
export class ImportClient {
  constructor(
    readonly test: TestApp,
    readonly token: string,
  ) {}

  async run(rows: readonly unknown[], options: Record<string, unknown> = {}): Promise<Imported> {
    const answer = await this.test.ask(importUsers, {
      token: this.token,
      variables: { input: { rows, ...options } },
    });
    expect(answer.errors).toEqual([]);
    return (answer.data?.['importUsers'] as { job: Imported }).job;
  }

  async upload(
    body: string | Buffer,
    { query = '', type = 'application/json', as = this.token, headers = {} }: Upload = {},
  ): Promise<{ status: number; body: Record<string, unknown> }> {
    const response = await fetch(`${this.test.url}/imports${query}`, {
      method: 'POST',
      headers: { 'content-type': type, authorization: `Bearer ${as}`, ...headers },
      body,
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }

  async jobOf(id: unknown, as = this.token): Promise<Imported> {
    const answer = await this.test.ask(`query ($id: ID!) { job(id: $id) { ${jobFields} } }`, {
      token: as,
      variables: { id },
    });
    return answer.data?.['job'] as Imported;
  }

  async uploaded(body: string | Buffer, options: Upload = {}): Promise<Imported> {
    const answer = await this.upload(body, options);
    expect(answer).toMatchObject({ status: 202 });
    await this.test.app.jobs.runUntilIdle();
    return this.jobOf(answer.body['id']);
  }

  async userBy(email: string): Promise<Record<string, unknown> | null> {
    const answer = await this.test.ask(
      `query ($email: String!) { userBy(where: { email: $email }) { id email emailVerified username givenName
        familyName name phoneNumber blocked createdAt lastLogin loginsCount metadata { user app } roles { name }
        organizations { nodes { organization { name } } } identities { provider connection userId } } }`,
      { token: this.token, variables: { email } },
    );
    expect(answer.errors).toEqual([]);
    return answer.data?.['userBy'] as Record<string, unknown> | null;
  }
}

/** Index, codes and paths of the rows that failed. */
export function codesOf({ userImport }: Imported): unknown[] {
  return userImport.errors.nodes.map(({ index, errors }) => [
    index,
    ...errors.map(({ code, path }) => `${code} ${path ?? ''}`.trim()),
  ]);
}
