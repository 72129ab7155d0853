import { Arg, ID, Query, Resolver } from 'type-graphql';
import { Public } from '#src/access/decorators';
import { NodeType } from '#src/graphql/node';

/**
 * Declares the doors by id. They are open themselves, because each id is decided by the rule of its type's own root field
 * (`entities.ts`, which the schema builder binds to them).
 */
@Resolver()
export class NodeResolver {
  @Public()
  @Query(() => NodeType, {
    nullable: true,
    description: 'Any object by its global id; null when absent or out of reach.',
  })
  node(@Arg('id', () => ID, { description: 'Id of any object.' }) _id: string): null {
    return null;
  }

  @Public()
  @Query(() => [NodeType], {
    nullable: 'items',
    description:
      'Objects by their global ids, in the order of the ids; null for each that is absent or out of reach.',
  })
  nodes(
    @Arg('ids', () => [ID], { description: 'At most 100 ids (`graphql.maxIds`).' }) _ids: string[],
  ): null[] {
    return [];
  }
}
