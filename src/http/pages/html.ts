/** Markup that is safe to send: made by the `markup` tag alone. */
export class Html {
  constructor(readonly text: string) {}
}

type Member = Html | readonly Html[] | string | number | null;

/**
 * Markup with its values: texts are escaped for elements and quoted attributes, other markup is taken as it is, null is nothing.
 * SECURITY: cross-site scripting; a value cannot become an element or leave its attribute.
 */
export function markup(texts: TemplateStringsArray, ...members: readonly Member[]): Html {
  return new Html(texts.map((text, index) => text + written(members[index] ?? null)).join(''));
}

function written(member: Member): string {
  if (member === null) return '';
  if (member instanceof Html) return member.text;
  if (typeof member === 'object') return member.map(({ text }) => text).join('');
  return escapeText(String(member));
}

function escapeText(text: string): string {
  return text.replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`);
}
