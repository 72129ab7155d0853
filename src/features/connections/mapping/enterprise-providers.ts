import type { ProviderMapping } from './mapping';
import { standardClaims } from './standard-claims';

/** Names of the claims that most SAML and WS-Federation providers send. */
const identity = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims';

// SECURITY: the address can be changed by whoever administers any tenant of that directory (nOAuth), so it is not believed.
const entra: ProviderMapping = {
  userId: ['oid', 'sub'],
  attributes: {
    email: { claims: ['email', 'mail'], instead: ['upn'] },
    email_verified: { claims: ['email_verified', 'xms_edov'] },
    name: { claims: ['name'] },
    given_name: { claims: ['given_name'] },
    family_name: { claims: ['family_name'] },
    nickname: { claims: ['nickname'] },
    tenantid: { claims: ['tenantid', 'tid'] },
  },
  emailVerified: 'ALWAYS_FALSE',
  onlyKeeps: ['upn', 'groups', 'job_title'],
};

/** Any provider that speaks OpenID Connect, and what is not known better. */
export const openIdConnect: ProviderMapping = {
  userId: ['sub'],
  attributes: { ...standardClaims, family_name: { claims: ['family_name', 'surname'] } },
  emailVerified: 'ALWAYS_FALSE',
};

/** Directories of companies and schools. Their own claim names; see `ProviderMapping`. */
export const enterpriseProviders: Readonly<Record<string, ProviderMapping>> = {
  oidc: openIdConnect,
  waad: entra,
  office365: entra,
  adfs: {
    userId: ['user_id', 'upn', `${identity}/upn`, 'email', `${identity}/emailaddress`],
    attributes: {
      email: { claims: ['email', `${identity}/emailaddress`] },
      name: { claims: ['name', `${identity}/name`] },
      given_name: { claims: ['given_name', `${identity}/givenname`] },
      family_name: { claims: ['family_name', 'surname', `${identity}/surname`] },
      upn: { claims: ['upn', `${identity}/upn`] },
    },
    emailVerified: 'ALWAYS_FALSE',
    shortensNames: true,
  },
  samlp: {
    userId: ['user_id', `${identity}/nameidentifier`, `${identity}/upn`, `${identity}/name`, 'nameID'],
    attributes: {
      email: { claims: ['email', `${identity}/emailaddress`, 'urn:oid:0.9.2342.19200300.100.1.3', 'mail'] },
      email_verified: { claims: ['email_verified'] },
      name: { claims: ['name', `${identity}/name`, 'urn:oid:2.16.840.1.113730.3.1.241', 'displayName'] },
      given_name: { claims: ['given_name', `${identity}/givenname`, 'urn:oid:2.5.4.42', 'givenName'] },
      family_name: { claims: ['family_name', `${identity}/surname`, 'urn:oid:2.5.4.4', 'surname', 'sn'] },
      groups: {
        claims: ['groups', 'http://schemas.xmlsoap.org/claims/Group', 'urn:oid:1.3.6.1.4.1.5923.1.5.1.1'],
      },
    },
    emailVerified: 'ALWAYS_FALSE',
    shortensNames: true,
  },
  ldap: {
    userId: ['entryUUID', 'uid', 'cn'],
    attributes: {
      email: { claims: ['mail'] },
      name: { claims: ['displayName', 'cn'] },
      given_name: { claims: ['givenName'] },
      family_name: { claims: ['sn', 'surname'] },
      nickname: { claims: ['uid'] },
    },
    emailVerified: 'ALWAYS_FALSE',
    onlyKeeps: [
      'groups',
      'dn',
      'uid',
      'telephoneNumber',
      'departmentNumber',
      'employeeType',
      'o',
      'ou',
      'title',
    ],
  },
  ad: {
    userId: ['objectGUID', 'uid', 'cn'],
    attributes: {
      email: { claims: ['mail'] },
      name: { claims: ['displayName'] },
      given_name: { claims: ['givenName'] },
      family_name: { claims: ['sn', 'surname'] },
      nickname: { claims: ['sAMAccountName'], instead: ['cn', 'commonName'] },
    },
    emailVerified: 'ALWAYS_FALSE',
    onlyKeeps: [
      'groups',
      'dn',
      'distinguishedName',
      'st',
      'co',
      'postalCode',
      'description',
      'telephoneNumber',
      'department',
      'company',
      'mailNickname',
      'sAMAccountName',
      'sAMAccountType',
      'userPrincipalName',
      'manager',
      'organizationUnits',
    ],
  },
};
