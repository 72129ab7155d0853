import type { ObjectFacts } from '#src/access/decide';
import { decide } from '#src/access/decide';
import { connectionByName } from '#src/features/connections/connection.loader';
import { memberOf, type MetadataObject } from '#src/features/metadata/metadata-store';
import { metadataByUser } from '#src/features/metadata/metadata.loader';
import {
  generatePicture,
  isPictureUrl,
  pictureInputs,
  settingsFor,
  type PictureSettings,
  type PictureSourceName,
} from '#src/features/users/pictures/picture';
import type { UserRow } from '#src/features/users/user-row';
import type { RequestContext } from '#src/graphql/request-context';
import { commonErrors } from '#src/shared/errors';

export interface ShownPicture {
  readonly url: string;
  readonly source: PictureSourceName;
}

export interface PictureRequest {
  readonly settings: PictureSettings;
  /** Width and height in pixels, where the source can make one to measure. */
  readonly size?: number | null | undefined;
}

const largest = 2048;

/**
 * The picture to show: `user_metadata.picture`, else the stored one, else one that is made; each only as far as the caller may read
 * what it is made of.
 */
export async function effectivePicture(
  context: RequestContext,
  user: UserRow,
  { settings, size }: PictureRequest,
): Promise<ShownPicture> {
  if (size !== null && size !== undefined && (size < 1 || size > largest)) {
    throw commonErrors.BAD_USER_INPUT({
      message: `size must be from 1 to ${largest}.`,
      extensions: { field: 'size', limit: largest },
    });
  }
  const facts = await context.gate.factsOf(user.id, null);
  const mayRead = (path: string): boolean => decide(context, 'READ', path, facts) === 'ALLOW';
  const chosen = await chosenPicture(context, user, mayRead);
  if (chosen !== null) return { url: chosen, source: 'METADATA' };
  if (user.picture !== null) return { url: user.picture, source: 'PROVIDER' };
  return madePicture(context, user, { settings, size, facts });
}

async function chosenPicture(
  context: RequestContext,
  user: UserRow,
  mayRead: (path: string) => boolean,
): Promise<string | null> {
  if (!mayRead('user_metadata.picture')) return null;
  const stored = await context.load(metadataByUser).load(user.id);
  const chosen = memberOf(stored.user.value as MetadataObject, 'picture');
  // SECURITY: metadata is free text; only a URL that a picture attribute could hold is answered as one.
  return typeof chosen === 'string' && isPictureUrl(chosen) ? chosen : null;
}

/** The picture of a user who has none. */
export async function madePicture(
  context: RequestContext,
  user: UserRow,
  { settings, size, facts }: PictureRequest & { readonly facts: ObjectFacts },
): Promise<ShownPicture> {
  const mayRead = (path: string): boolean => decide(context, 'READ', path, facts) === 'ALLOW';
  const inputs = pictureInputs(user, mayRead);
  // SECURITY: asked of the address that the caller may read, else one statement more would tell that a hidden one is there.
  const isAsked = inputs.email !== null && inputs.email !== undefined;
  const connection = isAsked ? await context.load(connectionByName).load(user.connection) : null;
  return generatePicture(inputs, settingsFor(settings, connection), size ?? undefined);
}
