import { decide } from '#src/access/decide';
import { memberOf, type MetadataObject } from './metadata-store';
import {
  generatedPicture,
  isPictureUrl,
  pictureInputs,
  type PictureSettings,
} from '#src/features/users/pictures/picture';
import type { UserRow } from '#src/features/users/user-row';
import type { RequestContext } from '#src/graphql/request-context';

export interface PictureSource {
  readonly user: UserRow;
  readonly userMetadata: MetadataObject;
  readonly settings: PictureSettings;
}

/** `user_metadata.picture`, else the stored picture, else a generated one; each only as far as the caller may read its inputs. */
export async function effectivePicture(
  context: RequestContext,
  { user, userMetadata, settings }: PictureSource,
): Promise<string> {
  const facts = await context.gate.factsOf(user.id, null);
  const mayRead = (path: string): boolean => decide(context, 'READ', path, facts) === 'ALLOW';
  const chosen = memberOf(userMetadata, 'picture');
  // SECURITY: metadata is free text; only a URL that a picture attribute could hold is answered as one.
  if (typeof chosen === 'string' && isPictureUrl(chosen) && mayRead('user_metadata.picture')) return chosen;
  return user.picture ?? generatedPicture(pictureInputs(user, mayRead), settings);
}
