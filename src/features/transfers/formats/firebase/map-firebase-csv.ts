import type { MapRecord } from '#src/features/transfers/formats/import-format';
import { notAnObject } from '#src/features/transfers/formats/native-draft';
import { mapFirebaseJson } from './map-firebase-json';

/** Where the four columns of each provider begin: id, e-mail, name, picture. */
const providers = [
  ['google.com', 7],
  ['facebook.com', 11],
  ['twitter.com', 15],
  ['github.com', 19],
] as const;

/** Columns that matter; a trailing comma makes one more. */
const fewestColumns = 28;

/** A line of `firebase auth:export` in CSV: 28 columns without names. */
export const mapFirebaseCsv: MapRecord = (record, options) => {
  if (!Array.isArray(record) || record.length < fewestColumns) return notAnObject();
  const at = (column: number): string => String(record[column] ?? '');
  const providerUserInfo = providers.flatMap(([providerId, first]) =>
    at(first) === ''
      ? []
      : [
          {
            providerId,
            rawId: at(first),
            email: at(first + 1),
            displayName: at(first + 2),
            photoUrl: at(first + 3),
          },
        ],
  );
  return mapFirebaseJson(
    {
      localId: at(0),
      email: at(1),
      emailVerified: at(2) === 'true',
      passwordHash: at(3),
      salt: at(4),
      displayName: at(5),
      photoUrl: at(6),
      createdAt: at(23),
      lastSignedInAt: at(24),
      phoneNumber: at(25),
      disabled: at(26) === 'true',
      customAttributes: at(27),
      providerUserInfo,
    },
    options,
  );
};
