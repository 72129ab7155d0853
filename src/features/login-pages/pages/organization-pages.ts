import type { SignInOrganizationRow } from '#src/features/organizations/sign-in/sign-in-organization.repository';
import type { PendingChoice } from '#src/features/sessions/sign-in/choose-organization';
import { markup, type Html } from '#src/http/pages/html';
import type { Page } from '#src/http/pages/page';
import { buttonForm, form, loginPage, textField, type PageAbout } from './frame';

type Shown = Pick<SignInOrganizationRow, 'id' | 'name' | 'displayName'>;

/** Before anybody is known: which of the organizations that have proven the mail domain. */
export function discoveredPage(about: PageAbout, found: readonly Shown[]): Page {
  return loginPage(
    about,
    'Choose your organization',
    list(found.map((each) => button('organization', each))),
  );
}

/** The same where the application takes a name. */
export function organizationNamePage(about: PageAbout): Page {
  const field = {
    ...{ name: 'organization', label: 'Name of your organization', autocomplete: 'organization' },
    hint: 'It is the short name by which your organization is known here. Ask your administrator.',
  };
  return loginPage(
    about,
    'Choose your organization',
    form(
      'organization',
      markup`${textField(field, (about.problem ?? null) !== null)}
<button type="submit">Continue</button>`,
    ),
  );
}

/** After everything is proved: which of the organizations that the person may enter. */
export function choicePage(about: PageAbout, { organizations, isOptional }: PendingChoice): Page {
  const none = markup`<li>${buttonForm('choose', 'Go on without an organization', 'way')}</li>`;
  return loginPage(
    about,
    'Choose your organization',
    markup`<p>Sign in to</p>
${list([...organizations.map((each) => button('choose', each)), ...(isOptional ? [none] : [])])}
${buttonForm('back', 'This is not me', 'link')}`,
  );
}

function list(items: readonly Html[]): Html {
  return markup`<ul class="ways only" aria-label="Organizations">${items}</ul>`;
}

function button(step: string, { id, name, displayName }: Shown): Html {
  return markup`<li>${buttonForm(step, displayName ?? name, 'way', id)}</li>`;
}
