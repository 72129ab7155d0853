import { markup } from '#src/http/pages/html';
import {
  metadataNamespace,
  postBinding,
  protocolNamespace,
  redirectBinding,
  signatureNamespace,
} from './saml-names';
import type { ServiceOptions } from './saml-options';

/** Who this gateway is for a provider (SAML Metadata 2.0 section 2.4.4). SECURITY: every value is escaped, so none can become markup. */
export function serviceMetadata({ addresses, nameIdFormat, signing }: ServiceOptions): string {
  const certificate = signing?.certificate.replace(/-----[^-]*-----|\s/g, '') ?? null;
  const key =
    certificate === null
      ? null
      : markup`
    <KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="${signatureNamespace}"><ds:X509Data><ds:X509Certificate>${certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></KeyDescriptor>`;
  return markup`<?xml version="1.0" encoding="UTF-8"?>
<EntityDescriptor xmlns="${metadataNamespace}" entityID="${addresses.entityId}">
  <SPSSODescriptor AuthnRequestsSigned="${String(signing !== null)}" WantAssertionsSigned="true" protocolSupportEnumeration="${protocolNamespace}">${key}
    <SingleLogoutService Binding="${redirectBinding}" Location="${addresses.logout}"/>
    <SingleLogoutService Binding="${postBinding}" Location="${addresses.logout}"/>
    <NameIDFormat>${nameIdFormat}</NameIDFormat>
    <AssertionConsumerService Binding="${postBinding}" Location="${addresses.assertions}" index="0" isDefault="true"/>
  </SPSSODescriptor>
</EntityDescriptor>
`.text;
}
