export const profileStepPermissions = {
  'read:profile_steps': 'Read what users are asked for after they signed up.',
  'update:profile_steps': 'Change what users are asked for after they signed up.',
} as const;
