/** One tab of the GraphiQL page. GraphiQL shows the operation's name as the title of the tab. */
export interface ExampleTab {
  readonly title: string;
  readonly query: string;
  readonly variables?: string;
}

/** The tabs that a first visit opens; the "Examples" menu opens them again. */
export const exampleTabs: readonly ExampleTab[] = [
  {
    title: 'Who am I',
    query: `# Who is calling, and what may this caller do?
# Paste a bearer token into the field above.
query WhoAmI {
  viewer {
    kind
    permissions
  }
  me {
    id
    email
    name
  }
}
`,
  },
  {
    title: 'One user',
    query: `# One user and what belongs to the user.
query OneUser($id: ID!) {
  user(id: $id) {
    id
    email
    emailVerified
    name
    identities {
      provider
      connection
    }
    roles {
      name
      permissions {
        name
      }
    }
    organizations(first: 5) {
      nodes {
        organization {
          name
        }
      }
    }
    sessions(first: 3) {
      nodes {
        id
        status
      }
    }
    metadata {
      user
      app
    }
  }
}
`,
    variables: json({ id: 'auth0|ada' }),
  },
  {
    title: 'Users page',
    query: `# The newest users. For the next page,
# pass pageInfo.endCursor as $after.
query UsersPage($after: String) {
  users(first: 10, after: $after, sort: [{ field: CREATED_AT, direction: DESC }]) {
    totalCount
    nodes {
      id
      email
      name
      lastLogin
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
`,
    variables: json({ after: null }),
  },
  {
    title: 'Search',
    query: `# Lucene syntax: phrases, prefixes, ranges,
# AND / OR / NOT, paths into the metadata.
query Search($q: String!) {
  users(q: $q, first: 10) {
    nodes {
      id
      email
      name
    }
  }
}
`,
    variables: json({ q: 'name:a* AND email_verified:true' }),
  },
  {
    title: 'Roles and permissions',
    query: `# Which roles exist, and what each one permits.
query RolesAndPermissions {
  roles(first: 10) {
    nodes {
      id
      name
      description
      permissions {
        name
        description
      }
    }
  }
}
`,
  },
  {
    title: 'Change metadata',
    query: `# Merges a patch into the user's own metadata:
# null removes a key, all other keys stay.
mutation ChangeMetadata($input: UpdateUserMetadataInput!) {
  updateUserMetadata(input: $input) {
    user {
      id
      metadata {
        user
        version
      }
    }
  }
}
`,
    variables: json({ input: { userId: 'auth0|ada', patch: { theme: 'dark' } } }),
  },
  {
    title: 'Explain access',
    query: `# Why may this user see this field, or why not?
query ExplainAccess($input: ExplainAccessInput!) {
  explainAccess(input: $input) {
    decision
    reason
    ruleName
  }
}
`,
    variables: json({ input: { userId: 'auth0|ada', coordinate: 'User.email', action: 'READ' } }),
  },
];

function json(value: unknown): string {
  return JSON.stringify(value, null, 2);
}
