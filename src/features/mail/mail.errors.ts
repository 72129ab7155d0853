import { defineErrors } from '#src/shared/errors';

export const mailErrors = defineErrors({
  MAIL_NOT_CONFIGURED: {
    kind: 'unavailable',
    message: 'This deployment cannot send mail: its operator has set no mail server (mail.smtpUrl).',
  },
  MAIL_SERVER_UNAVAILABLE: { kind: 'unavailable', message: 'The mail server did not take the message.' },
  MAIL_REFUSED: { kind: 'invalid', message: 'The mail server refused the message for good.' },
});
