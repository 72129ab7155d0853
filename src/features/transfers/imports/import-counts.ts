/** Counts of new users by the kind of their hash (`hash bcrypt`), and of those who have to set a new password. */
export const hashCount = 'hash ';
export const resetCount = 'resetRequired';
