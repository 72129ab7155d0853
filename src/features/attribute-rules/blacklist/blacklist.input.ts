import { Field, ID, InputType } from 'type-graphql';
import type {
  BlacklistAddition,
  BlacklistChange,
} from '#src/features/attribute-rules/blacklist/blacklist.service';
import { BlacklistScopeEnum } from '#src/features/attribute-rules/blacklist/blacklist.type';

@InputType()
class BlacklistChangeFields implements BlacklistChange {
  @Field(() => BlacklistScopeEnum, { description: 'Whose data the list concerns.' })
  scope!: BlacklistScopeEnum;

  @Field(() => ID, { nullable: true, description: 'Connection or organization, unless the scope is TENANT.' })
  scopeId?: string | null;

  @Field(() => [String], {
    description:
      'Attributes (`family_name`), paths (`user_metadata.ssn`) or claims of providers (`https://acme.example/age`); at most 100.',
  })
  names!: string[];
}

@InputType('AddBlacklistedAttributesInput', {
  description: 'Attributes that are to be neither kept nor shown.',
})
export class AddBlacklistedAttributesInput extends BlacklistChangeFields implements BlacklistAddition {
  @Field(() => Boolean, {
    defaultValue: true,
    description: 'Whether what is stored of them already is removed.',
  })
  purgeExisting!: boolean;
}

@InputType('RemoveBlacklistedAttributesInput', {
  description: 'Attributes that may be kept and shown again.',
})
export class RemoveBlacklistedAttributesInput extends BlacklistChangeFields {}
