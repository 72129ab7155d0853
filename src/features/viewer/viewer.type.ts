import { Field, ObjectType, registerEnumType } from 'type-graphql';
import { Public } from '#src/access/decorators';

export enum ViewerKind {
  ANONYMOUS = 'ANONYMOUS',
  USER = 'USER',
  MACHINE = 'MACHINE',
}

registerEnumType(ViewerKind, {
  name: 'ViewerKind',
  description: 'What kind of caller a request comes from.',
  valuesConfig: {
    ANONYMOUS: { description: 'Nobody has signed in.' },
    USER: { description: 'A person, by cookie or token.' },
    MACHINE: { description: 'A program with a token of its own.' },
  },
});

export enum FieldReadAccess {
  ALL = 'ALL',
  SOME = 'SOME',
  MASKED = 'MASKED',
  NONE = 'NONE',
}

registerEnumType(FieldReadAccess, {
  name: 'FieldReadAccess',
  description: 'Which objects a caller may read a field of.',
  valuesConfig: {
    ALL: { description: 'Of every object within reach.' },
    SOME: { description: 'It depends on the object, for example on whether it is your own.' },
    MASKED: { description: 'A masked value is shown.' },
    NONE: { description: 'Of none.' },
  },
});

@ObjectType('Viewer', { description: 'The caller of this request, as the gateway sees it.' })
@Public()
export class ViewerType {
  @Field(() => ViewerKind, { description: 'Anonymous, a signed-in user or a machine.' })
  kind!: ViewerKind;

  @Field(() => String, {
    description: 'User id, machine client id, or `anonymous`: what the audit records name.',
  })
  subject!: string;

  @Field(() => [String], {
    description: "Names of the gateway's own permissions in force for this request, sorted.",
  })
  permissions!: readonly string[];

  @Field(() => [String], { description: 'Names of the roles in force for this request, sorted.' })
  roles!: readonly string[];
}

@ObjectType('FieldAccess', {
  description: 'What the caller may do with one field, so that a page can hide or disable it.',
})
@Public()
export class FieldAccessType {
  @Field(() => String, { description: 'Name of the field.' })
  field!: string;

  @Field(() => String, {
    nullable: true,
    description: 'The profile attribute it shows, when stored rules govern it.',
  })
  attribute!: string | null;

  @Field(() => FieldReadAccess, { description: 'Whether it can be read.' })
  read!: FieldReadAccess;

  @Field(() => Boolean, {
    description:
      'Whether the stored rules let the caller write it, if a mutation allows; true for fields without an attribute.',
  })
  write!: boolean;

  @Field(() => Boolean, { description: 'Whether the caller may filter, search and sort by it.' })
  filter!: boolean;
}
