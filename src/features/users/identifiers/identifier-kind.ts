/** By what somebody signs in. */
export type IdentifierKindName = 'email' | 'username' | 'phone';
