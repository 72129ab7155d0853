/** A first query that shows every kind of edge. */
export const firstQuery = `query FirstLook {
  users(first: 3) {
    nodes {
      id
      email
      name
      identities { provider connection }
      metadata { user app }
      organizations { nodes { organization { name } } }
      roles { name permissions { name } }
      sessions(first: 1) { nodes { status createdAt } }
    }
  }
}`;

export interface Welcome {
  readonly url: string;
  readonly token: string;
  readonly hasGraphiql: boolean;
}

/** What a newcomer needs: where to go, what to put into the header, what to ask. */
export function welcomeText({ url, token, hasGraphiql }: Welcome): string {
  // The token stands alone on its line, without frame, so that a double click takes it whole.
  return [
    ...box([
      'Gatehouse is serving.',
      '',
      hasGraphiql ? `GraphiQL  ${url}/graphiql` : `GraphQL   ${url}/graphql`,
    ]),
    '',
    "An administrator's bearer token (header `Authorization: Bearer …`, good for 24 hours):",
    '',
    token,
    '',
    'A first query:',
    '',
    firstQuery,
    '',
    'Stop with Ctrl+C.',
  ].join('\n');
}

function box(lines: readonly string[]): string[] {
  const width = Math.max(...lines.map((line) => line.length));
  const edge = '─'.repeat(width + 4);
  return [`┌${edge}┐`, ...lines.map((line) => `│  ${line.padEnd(width)}  │`), `└${edge}┘`];
}
