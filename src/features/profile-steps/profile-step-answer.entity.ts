import { Entity } from 'typeorm';
import { instantColumn, textColumn } from '#src/storage/columns';

/** What a user did when asked: who gave the value and when, or when it was put off. The value itself stands in the profile. */
@Entity({ name: 'profile_step_answers' })
export class ProfileStepAnswerEntity {
  @textColumn({ primary: true })
  userId: string;

  @textColumn({ primary: true })
  stepKey: string;

  @instantColumn({ nullable: true })
  submittedAt: number | null;

  @textColumn({ nullable: true })
  submittedBy: string | null;

  @instantColumn({ nullable: true })
  dismissedAt: number | null;
}
