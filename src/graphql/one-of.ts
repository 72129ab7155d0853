/** Input classes whose values hold exactly one field. type-graphql cannot say so; the schema builder adds `@oneOf` to them. */
const oneOfTypes = new Set<string>();

/** Marks an input type, by its GraphQL name, as `@oneOf`: exactly one of its (nullable) fields is given. */
export function OneOf(typeName: string): ClassDecorator {
  return () => {
    oneOfTypes.add(typeName);
  };
}

export function isOneOf(typeName: string): boolean {
  return oneOfTypes.has(typeName);
}
