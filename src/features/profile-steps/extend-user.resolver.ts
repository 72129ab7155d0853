import { Arg, Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import { Auth } from '#src/access/decorators';
import { isAskable } from './askable-step';
import type { MissingStep } from './missing-steps';
import { stepsByUser } from './profile-step.loader';
import type { ProfileStepRow } from './profile-step.repository';
import { ProfileStepType } from './profile-step.type';
import type { UserRow } from '#src/features/users/user-row';
import { UserType } from '#src/features/users/user.type';
import type { RequestContext } from '#src/graphql/request-context';

const readUsers = () => Auth({ permissions: [['read:users']], orSelf: true });
const mostShown = 50;

@Resolver(() => UserType)
export class ExtendUserWithProfileStepsResolver {
  @readUsers()
  @FieldResolver(() => [ProfileStepType], {
    nullable: true,
    description:
      'What to ask the user for next: steps without a value whose conditions hold and that were not put off.',
  })
  async missingProfileSteps(
    @Root() user: UserRow,
    @Ctx() context: RequestContext,
    @Arg('limit', () => Int, { defaultValue: 3, description: 'At most so many; 0 to 50.' }) limit: number,
  ): Promise<readonly ProfileStepRow[]> {
    const missing = await shownSteps(user, context);
    const open = missing.filter(({ isSnoozed }) => !isSnoozed).map(({ step }) => step);
    return open.slice(0, Math.min(Math.max(limit, 0), mostShown));
  }

  @readUsers()
  @FieldResolver(() => Boolean, {
    nullable: true,
    description: 'Whether no required step is missing; putting one off does not complete the profile.',
  })
  async profileComplete(@Root() user: UserRow, @Ctx() context: RequestContext): Promise<boolean> {
    return !(await shownSteps(user, context)).some(({ step }) => step.required);
  }
}

async function shownSteps(user: UserRow, context: RequestContext): Promise<readonly MissingStep[]> {
  const { subject, missing } = await context.load(stepsByUser).load(user.id);
  if (subject === null || missing.length === 0) return [];
  const facts = await context.gate.factsOf(user.id, null);
  return missing.filter(({ step }) => isAskable(context, step, subject, facts));
}
