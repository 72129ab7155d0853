import type { ApplicationRow } from '#src/features/applications/application.repository';
import { formToken } from '#src/http/pages/form-token';
import { markup, type Html } from '#src/http/pages/html';
import type { Page } from '#src/http/pages/page';
import type { LoginFlow } from '#src/features/providers/login/login-flow';

/** Where the text of the flow stands until the page is sent, which alone knows the browser's secret. */
export const flowPlace = '%flow%';

/** What a page of the sign-in shares with the others. */
export interface PageAbout {
  readonly flow: LoginFlow;
  readonly application: ApplicationRow | null;
  /** What was wrong with the last try. */
  readonly problem?: string | null;
}

/** The origin that a form may end up at after a sign-in: browsers hold redirects against the policy of the page, too. */
function formTargetOf({ returnUrl }: LoginFlow): string | null {
  return returnUrl !== null && /^https?:/.test(returnUrl) ? new URL(returnUrl).origin : null;
}

/** A page of the sign-in. */
export function loginPage(about: PageAbout, title: string, body: Html, script: string | null = null): Page {
  const problem = about.problem ?? null;
  const notice =
    problem === null ? null : markup`<p class="problem" role="alert" id="problem">${problem}</p>\n`;
  return {
    status: problem === null ? 200 : 400,
    title,
    formTarget: formTargetOf(about.flow),
    script,
    body: markup`${notice}${body}`,
  };
}

/** A form that goes on with the flow; `action` names the step. */
export function form(action: string, content: Html): Html {
  return markup`<form method="post" action="/login">
${formToken}
<input type="hidden" name="flow" value="${flowPlace}">
<input type="hidden" name="do" value="${action}">
${content}
</form>`;
}

/** A step that is one press of a button away. */
export function buttonForm(action: string, label: string, look: 'link' | 'way', value = ''): Html {
  return form(
    action,
    markup`<input type="hidden" name="value" value="${value}"><button class="${look}">${label}</button>`,
  );
}

export interface TextField {
  readonly name: string;
  readonly label: string;
  readonly type?: 'text' | 'password' | 'email';
  readonly autocomplete: string;
  readonly value?: string;
  readonly isNumeric?: boolean;
  readonly hint?: string;
}

/** A field with its label; what was wrong with it is read out with it. */
export function textField(field: TextField, isWrong: boolean): Html {
  const { name, label, type = 'text', autocomplete, value = '', hint } = field;
  const describedBy = [...(hint === undefined ? [] : ['hint']), ...(isWrong ? ['problem'] : [])].join(' ');
  return markup`<label for="${name}">${label}</label>
<input id="${name}" name="${name}" type="${type}" autocomplete="${autocomplete}" value="${value}" required autofocus spellcheck="false" autocapitalize="none"${field.isNumeric === true ? markup` inputmode="numeric"` : null}${describedBy === '' ? null : markup` aria-describedby="${describedBy}"`}${isWrong ? markup` aria-invalid="true"` : null}>
${hint === undefined ? null : markup`<p class="hint" id="hint">${hint}</p>`}`;
}

/** A page at which the sign-in ends; `flow`: it can be begun again. */
export function endPage(title: string, text: string, status = 200, flow: LoginFlow | null = null): Page {
  const back =
    flow === null ? null : markup`\n<p><a class="way" href="${startPath(flow)}">Back to the sign-in</a></p>`;
  return { status, title, body: markup`<p role="status">${text}</p>${back}` };
}

/** The first page of the same sign-in. */
function startPath({ clientId, organizationId, returnTo = null }: LoginFlow): string {
  const query = new URLSearchParams();
  if (clientId !== null) query.set('client_id', clientId);
  if (organizationId !== null) query.set('organization', organizationId);
  if (returnTo !== null) query.set('return_to', returnTo);
  return `/login?${query.toString()}`;
}
