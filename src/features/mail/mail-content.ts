import { checkedSubject } from './mail-address';

/** A message as it is delivered, without its addresses. */
export interface MailContent {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** A part of a message, in both forms. */
export type MailBlock =
  | { readonly kind: 'paragraph'; readonly text: string }
  | { readonly kind: 'link'; readonly label: string; readonly url: string };

export interface MailDraft {
  readonly subject: string;
  readonly blocks: readonly MailBlock[];
}

/** A kind of message. `render` is pure; what it puts into the draft is escaped afterwards, whatever it is. */
export interface MailTemplate<Variables> {
  /** Its name in records, such as `organization-invitation`. */
  readonly name: string;
  readonly render: (variables: Variables) => MailDraft;
}

export const paragraph = (text: string): MailBlock => ({ kind: 'paragraph', text });

export const link = (label: string, url: string): MailBlock => ({ kind: 'link', label, url });

/** Both forms of a draft. Refuses a subject of several lines and links that are neither http nor https. */
export function contentOf({ subject, blocks }: MailDraft): MailContent {
  return {
    subject: checkedSubject(subject),
    text: `${blocks.map(textOf).join('\n\n')}\n`,
    html: [
      '<!doctype html>',
      '<html lang="en"><head><meta charset="utf-8">',
      `<title>${escapeHtml(subject)}</title></head>`,
      '<body style="font-family: sans-serif; line-height: 1.5; max-width: 36rem; margin: 2rem auto; padding: 0 1rem">',
      ...blocks.map(htmlOf),
      '</body></html>',
      '',
    ].join('\n'),
  };
}

function textOf(block: MailBlock): string {
  return block.kind === 'paragraph'
    ? oneLine(block.text)
    : `${oneLine(block.label)}:\n${webAddress(block.url)}`;
}

function htmlOf(block: MailBlock): string {
  if (block.kind === 'paragraph') return `<p>${escapeHtml(oneLine(block.text))}</p>`;
  return `<p><a href="${escapeHtml(webAddress(block.url))}">${escapeHtml(oneLine(block.label))}</a></p>`;
}

/** Names of people and organizations must not lay out the message: line breaks in them become spaces. */
function oneLine(text: string): string {
  return text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
}

/** SECURITY: `javascript:` and `data:` links run code in some mail readers. */
function webAddress(text: string): string {
  const url = new URL(text);
  if (!['http:', 'https:'].includes(url.protocol))
    throw new TypeError('A link in a message must be a web page.');
  return url.href;
}

/** SECURITY: markup injection: a value must not become an element or leave its attribute. */
function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
