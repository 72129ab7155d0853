import { Field, InputType, Int } from 'type-graphql';
import { ImportOptionsInput } from '#src/features/transfers/imports/import.input';

@InputType('CreateUploadSlotInput', { description: 'How the file that will be sent is to be imported.' })
export class CreateUploadSlotInput extends ImportOptionsInput {
  @Field(() => String, {
    nullable: true,
    description: 'Of a CSV file: the character between cells; a comma when absent.',
  })
  csvDelimiter?: string | null;

  @Field(() => String, { nullable: true, description: 'Of the text, such as `latin1`; UTF-8 when absent.' })
  encoding?: string | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'Most bytes of the file, as it is sent and after unpacking: 1 to `transfers.maxFileBytes`, which is the default.',
  })
  maxBytes?: number | null;
}
