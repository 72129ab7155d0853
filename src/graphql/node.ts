import { Field, ID, InterfaceType } from 'type-graphql';
import { WithParent } from '#src/access/decorators';

/**
 * Type names of rows that are reached through an abstract type (`node`, `_entities`): rows are plain and do not know their type.
 * A symbol, because entries in a weak map for each row of fifty cost as much as reading the rows from JSON.
 */
const rowType = Symbol('row type');

export function tagRow<Row extends object>(row: Row, typeName: string): Row {
  (row as { [rowType]?: string })[rowType] = typeName;
  return row;
}

export function typeOfRow(row: object): string | undefined {
  return (row as { [rowType]?: string })[rowType];
}

@InterfaceType('Node', {
  description:
    'An object with a globally unique id, after the Relay global object identification specification.',
  resolveType: (row: object) => typeOfRow(row),
  // A schema holds the types that its features reach, not all that the process has loaded.
  autoRegisterImplementations: false,
})
export abstract class NodeType {
  @WithParent()
  @Field(() => ID, { description: 'Globally unique, never reused.' })
  id!: string;
}
