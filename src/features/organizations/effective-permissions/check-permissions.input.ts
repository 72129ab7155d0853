import { Field, ID, InputType } from 'type-graphql';

@InputType({ description: 'A permission by the identifier of its API and its own name.' })
export class PermissionPairInput {
  @Field(() => String, { description: 'Identifier of the API, as tokens name it in `aud`.' })
  resourceServerIdentifier!: string;

  @Field(() => String, { description: 'Name of the permission: `read:invoices`.' })
  permissionName!: string;
}

@InputType({ description: 'Whether a user may do certain things, asked at once.' })
export class CheckPermissionsInput {
  @Field(() => ID, { description: 'The user.' })
  userId!: string;

  @Field(() => ID, {
    nullable: true,
    description:
      'Inside this organization; without it, outside of all, or inside the one that the caller is bound to.',
  })
  organizationId?: string | null;

  @Field(() => [PermissionPairInput], {
    description: 'What is asked: 1 to 100 pairs, all checks of one request counted together.',
  })
  pairs!: PermissionPairInput[];
}
