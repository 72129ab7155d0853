import type { MetadataRow } from './metadata.repository';
import { JsonText } from '#src/shared/json-text';

type Rest = Pick<MetadataRow, 'userId' | 'bytes' | 'version' | 'updatedAt'>;

/** The metadata of a user for answers, which mostly hold a store as it is: it is parsed only when somebody looks into it. */
export interface StoredMetadata extends Rest {
  readonly user: JsonText;
  readonly app: JsonText;
}

/** The same as it is read. */
export interface StoredTexts extends Rest {
  readonly user: string;
  readonly app: string;
}

export function ofTexts(userId: string, row: Omit<StoredTexts, 'userId'>): StoredMetadata {
  const { bytes, version, updatedAt } = row;
  return { userId, user: new JsonText(row.user), app: new JsonText(row.app), bytes, version, updatedAt };
}

/** What was just written, or the empty stores of a user without a row. */
export function ofRow({ userId, userJson, appJson, bytes, version, updatedAt }: MetadataRow): StoredMetadata {
  return { userId, user: JsonText.of(userJson), app: JsonText.of(appJson), bytes, version, updatedAt };
}
