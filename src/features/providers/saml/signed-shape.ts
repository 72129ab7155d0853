import { SamlFault } from './saml-fault';
import {
  assertionNamespace,
  digestAlgorithms,
  envelopedSignature,
  exclusiveForm,
  protocolNamespace,
  signatureAlgorithms,
  signatureNamespace,
} from './saml-names';
import { allElements, attribute, childElements, childrenNamed, plainText, type XmlElement } from './xml';

/**
 * Refuses a response that is not of the one shape that is taken: a `Response` with one `Assertion` and one signature directly in each, over
 * that very element, by allowed algorithms. Nothing is verified here; but what passes has no second place to read an assertion from.
 */
export function requireResponseShape(root: XmlElement, algorithms: readonly string[]): void {
  requireName(root, protocolNamespace, 'Response');
  requireDistinctIds(root);
  const elements = allElements(root);
  const assertions = elements.filter(({ localName }) => localName === 'Assertion');
  const [assertion] = assertions;
  // SECURITY: signature wrapping (XSW); a second assertion or response, wherever it stands, is one that no signature was meant for.
  if (
    assertion === undefined ||
    assertions.length !== 1 ||
    assertion.namespaceURI !== assertionNamespace ||
    assertion.parentNode !== root ||
    elements.some(({ localName }) => localName === 'EncryptedAssertion') ||
    elements.filter(({ localName }) => localName === 'Response').length !== 1
  ) {
    throw new SamlFault('structure');
  }
  requireSignatures(elements, [root, assertion], algorithms);
}

/** The same for a message that is signed as a whole: a request or an answer about signing out. */
export function requireSignedMessage(
  root: XmlElement,
  localName: string,
  algorithms: readonly string[],
): void {
  requireName(root, protocolNamespace, localName);
  requireDistinctIds(root);
  requireSignatures(allElements(root), [root], algorithms);
}

export function requireName(element: XmlElement, namespace: string, localName: string): void {
  if (element.localName !== localName || element.namespaceURI !== namespace) throw new SamlFault('structure');
}

/** SECURITY: a reference must lead to one element, whichever spelling of `ID` a reader looks for. */
function requireDistinctIds(root: XmlElement): void {
  const ids = allElements(root).flatMap(({ attributes }) =>
    Array.from(attributes)
      .filter(({ localName, name }) => (localName || name).toLowerCase() === 'id')
      .map(({ value }) => value),
  );
  if (new Set(ids).size !== ids.length) throw new SamlFault('structure');
}

function requireSignatures(
  elements: readonly XmlElement[],
  signed: readonly XmlElement[],
  algorithms: readonly string[],
): void {
  const found = elements.filter(({ localName }) => localName === 'Signature');
  const own = signed.map((parent) => childrenNamed(parent, signatureNamespace, 'Signature'));
  if (own.some(({ length }) => length !== 1)) throw new SamlFault('signature');
  if (found.length !== signed.length) throw new SamlFault('structure');
  for (const [index, parent] of signed.entries()) {
    const [signature] = own[index] ?? [];
    if (signature !== undefined) requireSignatureShape(signature, parent, algorithms);
  }
}

const signatureParts = new Set(['SignedInfo', 'SignatureValue', 'KeyInfo']);

function requireSignatureShape(
  signature: XmlElement,
  parent: XmlElement,
  algorithms: readonly string[],
): void {
  const parts = childElements(signature);
  // SECURITY: an `Object` is where wrapped content hides.
  if (
    parts.some(
      ({ localName, namespaceURI }) => namespaceURI !== signatureNamespace || !signatureParts.has(localName),
    )
  )
    throw new SamlFault('structure');
  const info = only(signature, 'SignedInfo');
  only(signature, 'SignatureValue');
  requireAlgorithm(only(info, 'CanonicalizationMethod'), (name) => name === exclusiveForm);
  requireAlgorithm(only(info, 'SignatureMethod'), (name) =>
    algorithms.some((allowed) => signatureAlgorithms[allowed] === name),
  );
  const reference = only(info, 'Reference');
  const id = attribute(parent, 'ID');
  if (id === null || !/^[\w.-]{1,256}$/.test(id) || attribute(reference, 'URI') !== `#${id}`)
    throw new SamlFault('structure');
  requireAlgorithm(only(reference, 'DigestMethod'), (name) => digestAlgorithms.has(name));
  if (plainText(only(reference, 'DigestValue')) === null) throw new SamlFault('structure');
  const transforms = childElements(only(reference, 'Transforms'));
  const names = transforms.map((transform) => attribute(transform, 'Algorithm') ?? '');
  // SECURITY: other transforms (XSLT, XPath) could choose what is signed, and a thousand of them cost time.
  if (names.join(' ') !== `${envelopedSignature} ${exclusiveForm}`) throw new SamlFault('algorithm');
}

function only(parent: XmlElement, localName: string): XmlElement {
  const found = childrenNamed(parent, signatureNamespace, localName);
  const [first] = found;
  if (first === undefined || found.length !== 1) throw new SamlFault('structure');
  return first;
}

function requireAlgorithm(element: XmlElement, isAllowed: (name: string) => boolean): void {
  if (!isAllowed(attribute(element, 'Algorithm') ?? '')) throw new SamlFault('algorithm');
}
