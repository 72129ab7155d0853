/** The definitions of the authorization directives, for `schema.graphql` and the subgraph's SDL. */
export const directiveDefinitions = /* GraphQL */ `
  "Open to every caller, signed in or not."
  directive @public on OBJECT | FIELD_DEFINITION

  """
  Who may use this. Allowed when the caller holds any of \`roles\`, or every permission of any inner list of \`permissions\`,
  or, with \`orSelf\`, is the user the object belongs to. Without arguments: any authenticated caller.
  \`acr\` and \`maxAge\` (seconds) ask for a recent, strong sign-in.
  """
  directive @auth(
    roles: [String!]
    permissions: [[String!]!]
    orSelf: Boolean = false
    acr: String
    maxAge: Int
  ) on OBJECT | FIELD_DEFINITION | ARGUMENT_DEFINITION | INPUT_FIELD_DEFINITION | ENUM_VALUE

  """
  Binds this place to one profile attribute. The stored attribute rules (blacklist, mask, allow) for that path govern reading,
  writing, filtering, sorting, exporting and logging it.
  """
  directive @attribute(
    path: String!
  ) on FIELD_DEFINITION | ARGUMENT_DEFINITION | INPUT_FIELD_DEFINITION | ENUM_VALUE

  "Whoever was allowed to reach the parent object: for edges, page info, payloads and small value types."
  directive @withParent on OBJECT | FIELD_DEFINITION

  "Never leaves the gateway, whatever a stored rule says."
  directive @blacklisted on FIELD_DEFINITION | INPUT_FIELD_DEFINITION | ENUM_VALUE
`;
