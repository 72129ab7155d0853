'use strict';

/**
 * The kinds of search that `--search` measures. `draw(samples, random)` answers the variables of one request; values are those
 * of generated users, so that each finds somebody. `aim` is the p95 in milliseconds that is wanted at a million users; a `selective`
 * class finds a page of 25 among at most 1,000 hits there, and is to take at most twice as long as with 10,000.
 */

const escaped = (text) => text.replace(/[+\-=&|><!(){}[\]^"~*?:\\/ ]/g, '\\$&');
const pick = (items, random) => items[Math.floor(random() * items.length)];

/** `length` characters from the inside of the text, which must be longer. */
function inside(text, length, random) {
  const start = 1 + Math.floor(random() * (text.length - length - 1));
  return text.slice(start, start + length);
}

const longer = (items, length) => items.filter((item) => item.length > length + 1);
const two = (number) => String(number).padStart(2, '0');

const classes = [
  {
    name: 'exact e-mail',
    aim: 50,
    selective: true,
    draw: (s, r) => ({ q: `email:"${pick(s.users, r).email}"` }),
  },
  { name: 'e-mail domain', draw: (s, r) => ({ q: `email.domain:${pick(s.domains, r)}` }) },
  {
    name: 'name prefix',
    draw(s, r) {
      const { given, family } = pick(s.users, r);
      return { q: `name:${escaped(`${given} ${family.slice(0, 2)}`)}*` };
    },
  },
  {
    name: 'name infix of 3',
    aim: 150,
    draw: (s, r) => ({ q: `name:*${inside(pick(longer(s.families, 3), r), 3, r)}*` }),
  },
  {
    name: 'name infix of 6',
    aim: 150,
    draw: (s, r) => ({ q: `name:*${inside(pick(longer(s.families, 6), r), 6, r)}*` }),
  },
  {
    name: 'e-mail infix, rare',
    aim: 150,
    draw: (s, r) => ({
      q: `email:*${escaped(
        inside(
          pick(s.users, r)
            .email.replace(/^[^.]*/, '')
            .split('@')[0],
          6,
          r,
        ),
      )}*`,
    }),
  },
  {
    name: 'boolean and range',
    draw: (s, r) => ({ q: `blocked:true AND logins_count:[${200 + Math.floor(r() * 100)} TO *]` }),
  },
  {
    name: 'date range, sorted',
    draw(s, r) {
      const day = `2025-${two(1 + Math.floor(r() * 12))}-${two(1 + Math.floor(r() * 27))}`;
      return { q: `last_login:[${day} TO ${day}]`, sort: [{ field: 'LAST_LOGIN', direction: 'ASC' }] };
    },
  },
  {
    name: 'metadata text, one user',
    aim: 50,
    selective: true,
    draw: (s, r) => ({ q: `app_metadata.customer:"${pick(s.customers, r)}"` }),
  },
  { name: 'metadata text, 1 in 80', draw: (s, r) => ({ q: `user_metadata.city:"${pick(s.cities, r)}"` }) },
  {
    name: 'metadata number range',
    aim: 50,
    selective: true,
    draw(s, r) {
      const from = Math.floor(r() * 99_000);
      return { q: `app_metadata.credit:[${from} TO ${from + 49}]` };
    },
  },
  {
    name: 'profile data, one value',
    aim: 50,
    selective: true,
    draw: (s, r) => ({ q: `identities.profileData.name:"${pick(s.profiles, r)}"` }),
  },
  {
    name: 'profile data, prefix',
    draw: (s, r) => ({ q: `identities.profileData.name:${escaped(pick(s.profiles, r).slice(0, 5))}*` }),
  },
  {
    name: 'identity connection',
    draw: (s, r) => ({ q: `identities.connection:${pick(['github', 'corp', 'sms'], r)}` }),
  },
  {
    name: 'organization and text',
    aim: 50,
    selective: true,
    draw: (s, r) => ({
      q: `organization_id:${pick(s.organizations, r)} AND name:${pick(s.users, r).given.slice(0, 1)}*`,
    }),
  },
  {
    name: 'role and text',
    aim: 50,
    selective: true,
    draw: (s, r) => ({ q: `role:"${pick(s.roles, r)}" AND name:${escaped(pick(s.users, r).given)}*` }),
  },
  {
    name: 'existence, 3 in 10',
    aim: 50,
    draw: (s, r) => ({ q: '_exists_:app_metadata.department', first: 25 - Math.floor(r() * 2) }),
  },
  { name: 'existence, 3 in 100', aim: 50, draw: () => ({ q: 'phone_number:*' }) },
  {
    name: 'pure negation',
    aim: 50,
    draw: (s, r) => ({ q: `NOT user_metadata.city:"${pick(s.cities, r)}"` }),
  },
  {
    name: 'OR of five',
    aim: 50,
    selective: true,
    draw(s, r) {
      const mails = Array.from({ length: 3 }, () => `email:"${pick(s.users, r).email}"`);
      const { given, family } = pick(s.users, r);
      return {
        q: `${mails.join(' OR ')} OR name:"${given} ${family}" OR app_metadata.customer:"${pick(s.customers, r)}"`,
      };
    },
  },
  { name: 'no condition', aim: 50, draw: () => ({}) },
  {
    name: 'totalCount, 1 in 100',
    draw: (s, r) => ({ q: `given_name:"${pick(s.users, r).given}"` }),
    counts: true,
  },
  { name: 'totalCount, capped', draw: () => ({ q: 'NOT blocked:true' }), counts: true },
];

module.exports = { classes };
