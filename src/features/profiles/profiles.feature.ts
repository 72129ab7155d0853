import { ExtendUserWithProfileResolver } from './extend-user.resolver';
import { loginPermissions } from '#src/features/profiles/logins/login.permissions';
import { LoginResolver } from '#src/features/profiles/logins/login.resolver';
import { LoginService } from '#src/features/profiles/logins/login.service';
import type { LoginParts } from '#src/features/profiles/logins/record-login';
import type { PictureSettings } from '#src/features/users/pictures/picture';
import type { FeatureParts } from '#src/graphql/feature';

export interface ProfileServices extends LoginParts {
  readonly pictures: PictureSettings;
}

export function startProfiles({ pictures, ...parts }: ProfileServices): FeatureParts & {
  readonly logins: LoginService;
} {
  const logins = new LoginService(parts);
  return {
    name: 'profiles',
    resolvers: [new LoginResolver(logins), new ExtendUserWithProfileResolver(pictures)],
    permissions: loginPermissions,
    logins,
  };
}
