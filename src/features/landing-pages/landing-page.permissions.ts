export const landingPagePermissions = {
  'read:landing_page_captures': 'Read that, when and where visitors of landing pages gave their profile.',
} as const;
