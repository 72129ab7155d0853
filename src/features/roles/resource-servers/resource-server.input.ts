import { Field, ID, InputType } from 'type-graphql';
import type {
  CreateResourceServer,
  PermissionDefinition,
  UpdateResourceServer,
} from '#src/features/roles/resource-servers/resource-server.service';
import { TokenDialect } from '#src/features/roles/resource-servers/resource-server.type';

@InputType('PermissionDefinitionInput', { description: 'A permission that a resource server defines.' })
export class PermissionDefinitionInput implements PermissionDefinition {
  @Field(() => String, {
    description: '1 to 280 printable ASCII characters without spaces: `read:invoices`.',
  })
  name!: string;

  @Field(() => String, { nullable: true, description: 'What it allows, for people; at most 500 characters.' })
  description?: string | null;
}

@InputType('CreateResourceServerInput', { description: 'A new resource server.' })
export class CreateResourceServerInput implements CreateResourceServer {
  @Field(() => String, {
    description: 'The audience of its tokens, usually a URL; 1 to 600 characters, unique, never changed.',
  })
  identifier!: string;

  @Field(() => String, { nullable: true, description: 'A name for people; the identifier by default.' })
  name?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether tokens are cut to what the user may do; false by default.',
  })
  enforcePolicies?: boolean | null;

  @Field(() => TokenDialect, {
    nullable: true,
    description: 'Which claims its tokens carry; ACCESS_TOKEN by default.',
  })
  tokenDialect?: TokenDialect | null;

  @Field(() => [PermissionDefinitionInput], {
    nullable: true,
    description: 'The permissions it defines, at most 1,000.',
  })
  permissions?: PermissionDefinitionInput[] | null;
}

@InputType('UpdateResourceServerInput', {
  description: 'What changes in a resource server; what is left out stays.',
})
export class UpdateResourceServerInput implements UpdateResourceServer {
  @Field(() => ID, { description: 'The resource server.' })
  id!: string;

  @Field(() => String, {
    nullable: true,
    description: 'The new name; null gives it its identifier as a name.',
  })
  name?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether tokens are cut to what the user may do.' })
  enforcePolicies?: boolean | null;

  @Field(() => TokenDialect, { nullable: true, description: 'Which claims its tokens carry.' })
  tokenDialect?: TokenDialect | null;

  @Field(() => [PermissionDefinitionInput], {
    nullable: true,
    description:
      'All permissions that it defines from now on. One that is missing is taken from every role and user.',
  })
  permissions?: PermissionDefinitionInput[] | null;
}

@InputType('DeleteResourceServerInput', { description: 'Which resource server to delete.' })
export class DeleteResourceServerInput {
  @Field(() => ID, {
    description: 'The resource server; its permissions are taken from every role and user.',
  })
  id!: string;
}
