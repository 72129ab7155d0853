import { createRequire } from 'node:module';
import { SamlFault } from './saml-fault';

interface XmlNode {
  readonly nodeType: number;
  readonly textContent: string | null;
  readonly childNodes: ArrayLike<XmlNode>;
}

/** An element as the parser of the signature checks reads it. SECURITY: one parser for all, so that no two disagree about a message. */
export interface XmlElement extends XmlNode {
  readonly localName: string;
  readonly namespaceURI: string | null;
  readonly parentNode: XmlNode | null;
  readonly attributes: ArrayLike<{
    readonly name: string;
    readonly localName: string;
    readonly value: string;
  }>;
  getAttribute(name: string): string | null;
  hasAttribute(name: string): boolean;
}

interface XmlDom {
  readonly DOMParser: new (options: object) => {
    parseFromString(text: string, type: string): XmlNode;
  };
}

// Its types would bring those of browsers into every file of the project.
const { DOMParser } = createRequire(__filename)('@xmldom/xmldom') as XmlDom;

const elementNode = 1;
const textNode = 3;

export interface XmlLimits {
  readonly bytes: number;
  readonly elements: number;
  /** For a document that nobody signed: comments are cut out before it is read. */
  readonly leavesCommentsOut?: boolean;
}

const deepest = 40;

/**
 * The root of an XML document that has nothing but elements, attributes and text. Refuses document types, entities, comments, processing
 * instructions and CDATA before any parser sees them, and what is not well formed.
 */
export function parseXml(text: string, limits: XmlLimits): XmlElement {
  if (Buffer.byteLength(text) > limits.bytes) throw new SamlFault('too-large');
  const body = withoutDeclaration(limits.leavesCommentsOut === true ? withoutComments(text) : text);
  // SECURITY: in a well-formed document these open document types and entities (XXE, billion laughs), comments (names that are read only up
  // to one), CDATA and processing instructions. None has a place in these messages.
  if (/<[!?]/.test(body)) throw new SamlFault('markup-refused');
  if ((body.match(/</g) ?? []).length > limits.elements * 2) throw new SamlFault('too-large');
  const elements = childElements(parse(body));
  const [root] = elements;
  if (root === undefined || elements.length !== 1) throw new SamlFault('malformed');
  requireShallow(root);
  return root;
}

function withoutComments(text: string): string {
  const kept: string[] = [];
  let at = 0;
  for (let start = text.indexOf('<!--'); start >= 0; start = text.indexOf('<!--', at)) {
    kept.push(text.slice(at, start));
    const end = text.indexOf('-->', start + 4);
    if (end < 0) throw new SamlFault('malformed');
    at = end + 3;
  }
  return kept.join('') + text.slice(at);
}

function withoutDeclaration(text: string): string {
  const body = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const declaration = /^<\?xml\s[^<>?]*\?>/.exec(body)?.[0] ?? '';
  const encoding = /encoding\s*=\s*["']([^"']*)["']/.exec(declaration)?.[1] ?? 'utf-8';
  if (!/^utf-?8$/i.test(encoding)) throw new SamlFault('malformed');
  return body.slice(declaration.length).trim();
}

function parse(body: string): XmlNode {
  const refuse = (): never => {
    throw new SamlFault('malformed');
  };
  try {
    const handler = { warning: refuse, error: refuse, fatalError: refuse };
    return new DOMParser({ errorHandler: handler }).parseFromString(body, 'text/xml');
  } catch (cause) {
    throw cause instanceof SamlFault ? cause : new SamlFault('malformed', { cause });
  }
}

function requireShallow(root: XmlElement): void {
  const waiting: [XmlElement, number][] = [[root, 1]];
  for (const [element, depth] of waiting) {
    if (depth > deepest) throw new SamlFault('too-large');
    for (const child of childElements(element)) waiting.push([child, depth + 1]);
  }
}

export function childElements(parent: XmlNode): XmlElement[] {
  return Array.from(parent.childNodes).filter((node): node is XmlElement => node.nodeType === elementNode);
}

/** The children of a name; one of that name from another namespace is not among them. */
export function childrenNamed(parent: XmlNode, namespace: string, localName: string): XmlElement[] {
  return childElements(parent).filter(
    (element) => element.localName === localName && element.namespaceURI === namespace,
  );
}

/** The element itself and everything below it. */
export function allElements(root: XmlElement): XmlElement[] {
  const found = [root];
  for (const element of found) found.push(...childElements(element));
  return found;
}

/** The text of an element that has nothing else in it; null for one with elements. */
export function plainText(element: XmlElement | undefined): string | null {
  if (element === undefined) return null;
  const isPlain = Array.from(element.childNodes).every(({ nodeType }) => nodeType === textNode);
  return isPlain ? (element.textContent ?? '').trim() : null;
}

/** The value of an attribute without a prefix; null when it is not there. */
export function attribute(element: XmlElement, name: string): string | null {
  return element.hasAttribute(name) ? element.getAttribute(name) : null;
}
