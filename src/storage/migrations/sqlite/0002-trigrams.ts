/** The columns of `users` of which any three characters that follow each other can be looked up. */
const columns = [
  'email_folded',
  'username',
  'phone_number',
  'name_folded',
  'given_name_folded',
  'family_name_folded',
  'nickname_folded',
];

const list = columns.join(', ');
const ofNew = columns.map((column) => `new.${column}`).join(', ');
const assignments = columns.map((column) => `${column} = new.${column}`).join(', ');
const differs = columns.map((column) => `old.${column} IS NOT new.${column}`).join(' OR ');

/** Holds the numbers of users for each trigram and column; the texts themselves are in `users` alone. */
export const trigramTable = `CREATE VIRTUAL TABLE user_trigrams USING fts5(
  ${list}, content='', contentless_delete=1, detail=column, tokenize='trigram case_sensitive 1')`;

export const fillTrigrams = `INSERT INTO user_trigrams (rowid, ${list}) SELECT number, ${list} FROM users ORDER BY number`;

/** In the same transaction as the change, whoever makes it. */
export const trigramTriggers = [
  `CREATE TRIGGER tr_users__insert__trigrams AFTER INSERT ON users BEGIN
    INSERT INTO user_trigrams (rowid, ${list}) VALUES (new.number, ${ofNew});
  END`,
  `CREATE TRIGGER tr_users__update__trigrams AFTER UPDATE OF ${list} ON users WHEN ${differs} BEGIN
    UPDATE user_trigrams SET ${assignments} WHERE rowid = old.number;
  END`,
  `CREATE TRIGGER tr_users__delete__trigrams AFTER DELETE ON users BEGIN
    DELETE FROM user_trigrams WHERE rowid = old.number;
  END`,
];

export const dropTrigramTriggers = [
  'DROP TRIGGER tr_users__insert__trigrams',
  'DROP TRIGGER tr_users__update__trigrams',
  'DROP TRIGGER tr_users__delete__trigrams',
];
