/** One tab of the GraphiQL page. GraphiQL shows the operation's name as the title of the tab. */
export interface ExampleTab {
  readonly title: string;
  readonly query: string;
  readonly variables?: string;
}

// Comments have lines of at most 36 characters: the editor does not wrap them.

/** The tabs that a first visit opens. */
export const firstTabs: readonly ExampleTab[] = [
  {
    title: 'Who am I',
    query: `# Who is calling, and what may this
# caller do? Paste a bearer token into
# the field above.
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
    query: `# One user and what belongs to them.
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
    query: `# name:a* begins with a, name:*ant*
# contains ant; phrases, ranges,
# AND, OR, NOT, app_metadata.plan:gold.
# explainUserQuery(q) tells more.
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
    query: `# Which roles exist, and what each one
# permits.
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
    query: `# Merges a patch into user_metadata:
# null removes a key, the others stay.
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
    query: `# Why may this user see this field, or
# why not? One's own view is in
# viewer { fieldAccess(type: "User") }.
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

/** What else the "Examples" menu offers. */
const moreExamples: readonly ExampleTab[] = [
  {
    title: 'Change app metadata',
    query: `# Merges a patch into app_metadata, if
# nobody changed it since version was
# read: metadata { version }.
mutation ChangeAppMetadata($input: UpdateAppMetadataInput!) {
  updateAppMetadata(input: $input) {
    user {
      id
      metadata {
        app
        version
      }
    }
  }
}
`,
    variables: json({ input: { userId: 'google-oauth2|104020301', patch: { plan: 'silver' } } }),
  },
  {
    title: 'Block a user',
    query: `# Ends the sessions of the user, who
# cannot sign in until unblockUser.
mutation BlockAUser($input: BlockUserInput!) {
  blockUser(input: $input) {
    user {
      id
      name
      blocked
    }
  }
}
`,
    variables: json({ input: { id: 'google-oauth2|104020301' } }),
  },
  {
    title: 'Unblock a user',
    query: `mutation UnblockAUser($input: UnblockUserInput!) {
  unblockUser(input: $input) {
    user {
      id
      name
      blocked
    }
  }
}
`,
    variables: json({ input: { id: 'google-oauth2|104020301' } }),
  },
  {
    title: 'End all sessions',
    query: `# Signs the user out everywhere.
mutation EndAllSessions($input: RevokeUserSessionsInput!) {
  revokeUserSessions(input: $input) {
    revokedCount
  }
}
`,
    variables: json({ input: { userId: 'google-oauth2|104020301' } }),
  },
  {
    title: 'Audit trail',
    query: `# Who changed what of this user, newest
# first. Values are never recorded.
query AuditTrail($targetId: ID) {
  auditEvents(first: 20, targetId: $targetId) {
    nodes {
      occurredAt
      actorId
      action
      changedPaths
      result
      details
    }
  }
}
`,
    variables: json({ targetId: 'google-oauth2|104020301' }),
  },
  {
    title: 'Act as a user',
    query: `# Asks to act in the name of a user, in
# an application with
# allowDelegatedAccess. It takes two
# factors of the last minutes. Redeem
# the token by redeemImpersonation.
mutation ActAsAUser($input: StartImpersonationInput!) {
  startImpersonation(input: $input) {
    token
    expiresAt
  }
}
`,
    variables: json({
      input: {
        userId: 'google-oauth2|104020301',
        clientId: 'app_…',
        reason: 'Ticket 4711: order is missing',
      },
    }),
  },
];

export const exampleTabs: readonly ExampleTab[] = [...firstTabs, ...moreExamples];

function json(value: unknown): string {
  return JSON.stringify(value, null, 2);
}
