import { ExtendUserWithProfileStepsResolver } from './extend-user.resolver';
import { profileStepPermissions } from './profile-step.permissions';
import { ProfileStepResolver } from './profile-step.resolver';
import { ProfileStepService, type StepServices } from './profile-step.service';
import type { FeatureParts } from '#src/graphql/feature';

export function startProfileSteps({
  audit,
  users,
  metadata,
}: StepServices): FeatureParts & { readonly profileSteps: ProfileStepService } {
  const profileSteps = new ProfileStepService({ audit, users, metadata });
  return {
    name: 'profile-steps',
    resolvers: [new ProfileStepResolver(profileSteps), new ExtendUserWithProfileStepsResolver()],
    permissions: profileStepPermissions,
    profileSteps,
  };
}
