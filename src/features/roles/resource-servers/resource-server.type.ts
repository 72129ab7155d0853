import { Field, ObjectType, registerEnumType } from 'type-graphql';
import { WithParent } from '#src/access/decorators';
import type { ResourceServerRow } from '#src/features/roles/resource-servers/resource-server.repository';
import { connectionType } from '#src/graphql/connection';
import { NodeType } from '#src/graphql/node';

/** Which claims an access token for the resource server carries. */
export enum TokenDialect {
  ACCESS_TOKEN = 'ACCESS_TOKEN',
  ACCESS_TOKEN_AUTHZ = 'ACCESS_TOKEN_AUTHZ',
  RFC9068_PROFILE = 'RFC9068_PROFILE',
  RFC9068_PROFILE_AUTHZ = 'RFC9068_PROFILE_AUTHZ',
}
registerEnumType(TokenDialect, {
  name: 'TokenDialect',
  description: 'Which claims an access token for a resource server carries.',
  valuesConfig: {
    ACCESS_TOKEN: { description: 'A signed token with the granted scopes.' },
    ACCESS_TOKEN_AUTHZ: {
      description:
        'A signed token with the granted scopes and all of the user’s permissions for the resource server.',
    },
    RFC9068_PROFILE: { description: 'A token after RFC 9068 with the granted scopes.' },
    RFC9068_PROFILE_AUTHZ: {
      description:
        'A token after RFC 9068 with the granted scopes and all of the user’s permissions for the resource server.',
    },
  },
});

@ObjectType('ResourceServer', {
  implements: NodeType,
  description: 'An API whose permissions are managed here.',
})
@WithParent()
export class ResourceServerType
  extends NodeType
  implements Pick<ResourceServerRow, 'id' | 'identifier' | 'name' | 'isSystem' | 'enforcePolicies'>
{
  @Field(() => String, {
    nullable: true,
    description: 'What its access tokens name as audience; never changes.',
  })
  identifier!: string;

  @Field(() => String, { nullable: true, description: 'Its name, for people.' })
  name!: string;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether this is the gateway itself, which cannot be changed.',
  })
  isSystem!: boolean;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether tokens are cut to what the user may do through roles and permissions.',
  })
  enforcePolicies!: boolean;

  @Field(() => TokenDialect, { nullable: true, description: 'Which claims its access tokens carry.' })
  tokenDialect!: TokenDialect;
}

export const ResourceServerConnectionType = connectionType(ResourceServerType, 'ResourceServer');
