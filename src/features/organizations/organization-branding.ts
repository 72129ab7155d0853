/** Where a row keeps its branding. */
interface BrandingColumns {
  readonly logoUrl: string | null;
  readonly primaryColor: string | null;
  readonly pageBackgroundColor: string | null;
}

export interface Branding {
  readonly logoUrl: string | null;
  readonly colors: { readonly primary: string; readonly pageBackground: string } | null;
}

/** The branding of an organization, or null when it has none. */
export function brandingOf(row: BrandingColumns): Branding | null {
  const { logoUrl, primaryColor, pageBackgroundColor } = row;
  const colors =
    primaryColor === null || pageBackgroundColor === null
      ? null
      : { primary: primaryColor, pageBackground: pageBackgroundColor };
  return logoUrl === null && colors === null ? null : { logoUrl, colors };
}
