import type { Call } from '#src/access/call';
import { formToken } from '#src/http/pages/form-token';
import { markup, type Html } from '#src/http/pages/html';
import type { Page } from '#src/http/pages/page';
import { GatehouseError } from '#src/shared/errors';
import type { TicketRow } from './ticket.repository';
import type { TicketKind } from './ticket.service';

/** What the page of a kind of ticket says and does. GET shows it; only POST, which no mail scanner sends, uses the ticket up. */
export interface TicketPage {
  readonly kind: TicketKind;
  readonly title: string;
  /** A sentence about what pressing the button does. */
  readonly explanation: string;
  readonly button: string;
  /** Asks for a new password, twice. */
  readonly asksPassword?: boolean;
  /** What the form of this ticket asks for, in this browser, beside its button; null: nothing. */
  asks?(call: Call, ticket: TicketRow, browser: PageBrowser): Promise<AskerQuestion | null>;
  /**
   * Uses the ticket up. What is wrong with the input is thrown as an error of kind `invalid`, and the form is shown again with its
   * message.
   */
  consume(
    call: Call,
    token: string,
    form: ReadonlyMap<string, string>,
    browser: PageBrowser,
  ): Promise<Consumed>;
}

/** The browser that shows a page. */
export interface PageBrowser {
  readonly cookies: string | undefined;
  readonly ip: string;
}

/** Whoever holds the link shows to have asked for it: by the code that was shown there, or the password of the account. */
export interface AskerQuestion {
  /** Instead of the explanation of the page. */
  readonly explanation: string;
  /** Whether anybody was shown a code. */
  readonly takesLetters: boolean;
  /** Whether the password of the account may be given instead, and the name under which password managers keep it; empty: not told. */
  readonly username: string | null;
}

export interface Consumed {
  readonly title: string;
  readonly text: string;
  /** Where the browser goes instead of showing that; checked when the ticket was made. */
  readonly redirectTo?: string | null;
}

/** The form of a good ticket, with what was wrong with the last try. */
export function formPage(
  page: TicketPage,
  ticket: TicketRow,
  problem: string | null,
  question: AskerQuestion | null,
): Page {
  const { resultUrl } = ticket.data;
  const notice =
    problem === null ? null : markup`<p class="problem" role="alert" id="problem">${problem}</p>\n`;
  return {
    status: problem === null ? 200 : 400,
    title: page.title,
    formTarget: typeof resultUrl === 'string' ? new URL(resultUrl).origin : null,
    body: markup`<p>${question?.explanation ?? page.explanation}</p>
${notice}<form method="post">
${formToken}
${page.asksPassword === true ? passwordFields(ticket.address, problem !== null) : null}
${question === null ? null : askerFields(question, problem !== null)}
<button type="submit">${page.button}</button>
</form>`,
  };
}

/** The address is there for password managers, which keep the new password under it. */
function passwordFields(address: string | null, isWrong: boolean): Html {
  const name = markup`<input type="text" autocomplete="username" value="${address}" readonly hidden>\n`;
  const wrong = isWrong ? markup` aria-invalid="true"` : null;
  return markup`${address === null ? null : name}<label for="password">New password</label>
<input id="password" name="password" type="password" autocomplete="new-password" required aria-describedby="hint${isWrong ? ' problem' : ''}"${wrong}>
<p class="hint" id="hint">Long is what counts: several words make a good password. Pasting is fine.</p>
<label for="repeated">The same password again</label>
<input id="repeated" name="repeated" type="password" autocomplete="new-password" required${isWrong ? markup` aria-describedby="problem"` : null}${wrong}>`;
}

/** One of the two is enough. */
function askerFields({ takesLetters, username }: AskerQuestion, isWrong: boolean): Html {
  const wrong = isWrong ? markup` aria-invalid="true"` : null;
  const described = isWrong ? ' problem' : '';
  const password = markup`<input type="text" autocomplete="username" value="${username}" readonly hidden>
<label for="password">${takesLetters ? 'Or the password of the account' : 'Password of the account'}</label>
<input id="password" name="password" type="password" autocomplete="current-password"${isWrong ? markup` aria-describedby="problem"` : null}${wrong}>`;
  const letters = markup`<label for="confirmation">The letters that were shown there</label>
<input id="confirmation" name="confirmation" class="code" autocomplete="off" autocapitalize="characters" spellcheck="false" maxlength="20" aria-describedby="hint${described}"${wrong}>
<p class="hint" id="hint">Six letters such as BCD-FGH. They are not in the mail.</p>
`;
  return markup`${takesLetters ? letters : null}${username === null ? null : password}`;
}

export function donePage({ title, text }: Consumed): Page {
  return { status: 200, title, body: markup`<p role="status">${text}</p>` };
}

/** One answer for tickets that are used, old, replaced, mistyped or never were. */
export function deadPage(): Page {
  return {
    status: 410,
    title: 'This link is no longer good',
    body: markup`<p>It was used already, its time is over, or a newer message has replaced it.</p>
<p>Ask for a new message where you asked for this one, and use the link of the latest.</p>`,
  };
}

/** What a person is told of an error of the form; null: the error is no matter of the form. */
export function problemOf(error: unknown): string | null {
  if (!(error instanceof GatehouseError)) return null;
  return ['invalid', 'limited', 'conflict', 'unavailable'].includes(error.kind) ? error.message : null;
}
