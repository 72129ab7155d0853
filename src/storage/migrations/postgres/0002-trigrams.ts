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
const ofNew = columns.map((column) => `NEW.${column}`).join(', ');
const assignments = columns.map((column) => `${column} = NEW.${column}`).join(', ');
const differs = columns.map((column) => `OLD.${column} IS DISTINCT FROM NEW.${column}`).join(' OR ');

/**
 * A table of its own: in `users` every sign-in would write all trigrams of the user again, because a new version of a row is
 * written to all indexes of its table.
 */
export const trigramTable = `CREATE TABLE user_trigrams (
      user_id TEXT COLLATE "C" NOT NULL,
      ${columns.map((column) => `${column} TEXT COLLATE "C"`).join(',\n      ')},
      CONSTRAINT pk_user_trigrams PRIMARY KEY (user_id),
      CONSTRAINT fk_user_trigrams__user_id FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
    )`;

/** New entries wait in a list that every search reads, so the list is kept short. */
export const trigramIndex = `CREATE INDEX ix_user_trigrams ON user_trigrams USING gin (
      ${columns.map((column) => `${column} gin_trgm_ops`).join(', ')}) WITH (gin_pending_list_limit = 512)`;

export const fillTrigrams = `INSERT INTO user_trigrams (user_id, ${list}) SELECT id, ${list} FROM users ORDER BY id`;

/** In the same transaction as the change, whoever makes it. */
export const trigramFunctions = [
  `CREATE FUNCTION add_user_trigrams() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO user_trigrams (user_id, ${list}) VALUES (NEW.id, ${ofNew});
    RETURN NULL;
  END $$`,
  `CREATE FUNCTION change_user_trigrams() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    UPDATE user_trigrams SET ${assignments} WHERE user_id = NEW.id;
    RETURN NULL;
  END $$`,
];

export const trigramTriggers = [
  'CREATE TRIGGER tr_users__insert__trigrams AFTER INSERT ON users FOR EACH ROW EXECUTE FUNCTION add_user_trigrams()',
  `CREATE TRIGGER tr_users__update__trigrams AFTER UPDATE OF ${list} ON users FOR EACH ROW
    WHEN (${differs}) EXECUTE FUNCTION change_user_trigrams()`,
];

export const dropTrigramTriggers = [
  'DROP TRIGGER tr_users__insert__trigrams ON users',
  'DROP TRIGGER tr_users__update__trigrams ON users',
];

export const dropTrigramFunctions = [
  'DROP FUNCTION add_user_trigrams()',
  'DROP FUNCTION change_user_trigrams()',
];
