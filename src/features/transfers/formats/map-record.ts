import type { KnownFormat, MapRecord } from './import-format';
import { mapCognitoCsv, mapCognitoJson } from '#src/features/transfers/formats/cognito/map-cognito';
import { mapCsv } from '#src/features/transfers/formats/csv/map-csv';
import { mapFirebaseCsv } from '#src/features/transfers/formats/firebase/map-firebase-csv';
import { mapFirebaseJson } from '#src/features/transfers/formats/firebase/map-firebase-json';
import { mapGigya } from '#src/features/transfers/formats/gigya/map-gigya';
import { mapKeycloak } from '#src/features/transfers/formats/keycloak/map-keycloak';
import { mapOkta } from '#src/features/transfers/formats/okta/map-okta';
import { mapScim } from '#src/features/transfers/formats/scim/map-scim';
import { mapStormpath } from '#src/features/transfers/formats/stormpath/map-stormpath';

const mapNative: MapRecord = (record) => ({
  row: record as Readonly<Record<string, unknown>>,
  errors: [],
  warnings: [],
});

/** How a record of each format becomes a native row. */
export const mapRecord: Readonly<Record<KnownFormat, MapRecord>> = {
  NATIVE: mapNative,
  OKTA: mapOkta,
  GIGYA: mapGigya,
  STORMPATH: mapStormpath,
  KEYCLOAK: mapKeycloak,
  FIREBASE_JSON: mapFirebaseJson,
  FIREBASE_CSV: mapFirebaseCsv,
  COGNITO_CSV: mapCognitoCsv,
  COGNITO_JSON: mapCognitoJson,
  SCIM: mapScim,
  CSV: mapCsv,
};

/** Formats whose rows are the native schema itself: a hash that cannot be verified is an error there, elsewhere a warning. */
export function isVendorFormat(format: KnownFormat): boolean {
  return format !== 'NATIVE' && format !== 'CSV';
}

const vendorPrefixes: Readonly<Partial<Record<KnownFormat, string>>> = {
  OKTA: 'okta',
  GIGYA: 'gigya',
  STORMPATH: 'stormpath',
  KEYCLOAK: 'keycloak',
  FIREBASE_JSON: 'firebase',
  FIREBASE_CSV: 'firebase',
  COGNITO_CSV: 'cognito',
  COGNITO_JSON: 'cognito',
  SCIM: 'scim',
};

/** What is put in front of a vendor's ids unless the caller says otherwise. */
export function usualPrefix(format: KnownFormat): string {
  return vendorPrefixes[format] ?? '';
}
