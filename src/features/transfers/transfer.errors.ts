import { defineErrors } from '#src/shared/errors';

export const transferErrors = defineErrors({
  IMPORT_FILE_INVALID: { kind: 'invalid', message: 'The file cannot be read as its format.' },
  IMPORT_FILE_TOO_LARGE: { kind: 'invalid', message: 'The file is larger than the limit for imports.' },
  IMPORT_FORMAT_UNKNOWN: {
    kind: 'invalid',
    message: 'What kind of file this is cannot be told from its beginning. Name the format.',
  },
  IMPORT_ALREADY_RUNNING: {
    kind: 'conflict',
    message: 'The same file is being imported with the same options.',
  },
  IMPORT_UPLOAD_INCOMPLETE: {
    kind: 'invalid',
    message: 'The upload ended before the whole file was received. Nothing was imported.',
  },
  IMPORT_NOT_STORED: {
    kind: 'unavailable',
    message: 'The gateway cannot keep the file at the moment. Nothing was imported; try again later.',
  },
  IMPORT_TIMEOUT: { kind: 'conflict', message: 'The job worked longer than its limit.' },
  TOO_MANY_TRANSFERS: {
    kind: 'limited',
    message: 'Too many imports or exports run already. Wait until one of them ends.',
  },
  CONNECTION_NOT_IMPORTABLE: {
    kind: 'invalid',
    message: 'Users can be imported into database connections that are enabled.',
  },
  FIELD_NOT_ALLOWED: { kind: 'forbidden', message: 'This attribute may not be exported.' },
  EXPORT_NOT_READY: { kind: 'conflict', message: 'The export is not complete.' },
  EXPORT_NOT_APPROVED: { kind: 'forbidden', message: 'Nobody approved the export in time.' },
  EXPORT_NOT_APPROVABLE: {
    kind: 'conflict',
    message: 'The export does not wait for an approval, or not any more.',
  },
  SECOND_PERSON_NEEDED: {
    kind: 'forbidden',
    message: 'Somebody else than who asked for the export has to approve it.',
  },
  EXPORT_EXPIRED: { kind: 'not-found', message: 'The file of this export is not kept any more.' },
  DOWNLOAD_LINK_INVALID: { kind: 'not-found', message: 'This link is not valid, or not any more.' },
  UPLOAD_SLOT_INVALID: {
    kind: 'not-found',
    message: 'No file can be sent to this address, or not any more.',
  },
  NOTHING_TO_RETRY: {
    kind: 'invalid',
    message: 'The job has no failed rows whose content is still kept.',
  },
});
