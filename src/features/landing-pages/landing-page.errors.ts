import { defineErrors } from '#src/shared/errors';

export const landingPageErrors = defineErrors({
  LANDING_PAGE_REFUSED: {
    kind: 'forbidden',
    message:
      'This page may not ask for profiles here. Its origin must be listed for an enabled landing page.',
  },
  CONSENT_REQUIRED: {
    kind: 'invalid',
    message: 'The visitor has to agree to the text of this page first.',
  },
  PAGE_NOT_REGISTERED: {
    kind: 'invalid',
    message: 'Without a popup the address of the page must be among the callbacks of the landing page.',
  },
  PROFILE_LINK_INVALID: {
    kind: 'invalid',
    message:
      'This window was opened twice, took too long, or belongs to another page. Go back to the page and start again.',
  },
  PROFILE_CODE_INVALID: {
    kind: 'invalid',
    message:
      'There is no profile for this: it was fetched already, took too long, or was asked for elsewhere.',
  },
  PROFILE_REFUSED: {
    kind: 'forbidden',
    message: 'The provider gave no profile. Start again, or fill the form in by hand.',
  },
});
