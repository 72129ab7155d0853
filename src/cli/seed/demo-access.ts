/** What surrounds the people of the demo data set: an API with its permissions, roles, organizations. */

export interface DemoRole {
  readonly name: string;
  readonly description: string;
  /** Permissions of the demo's own API. */
  readonly permissions: readonly string[];
  /** Which of the gateway's own permissions it holds: all, those to read, or none. */
  readonly gateway: 'all' | 'read' | 'none';
}

/** Of every demo user who has one. */
export const demoPassword = 'open-the-gatehouse';

export const demoApi = {
  identifier: 'https://library.example/api',
  name: 'Library API',
  permissions: {
    'read:books': 'Look books up.',
    'lend:books': 'Lend books and take them back.',
    'update:catalogue': 'Add books and correct their descriptions.',
    'read:reports': 'Read the monthly reports.',
  },
} as const;

export const demoRoles: readonly DemoRole[] = [
  {
    name: 'Administrator',
    description: 'Everything in the gateway and in the library.',
    permissions: Object.keys(demoApi.permissions),
    gateway: 'all',
  },
  {
    name: 'Auditor',
    description: 'Reads everything, changes nothing.',
    permissions: ['read:books', 'read:reports'],
    gateway: 'read',
  },
  {
    name: 'Librarian',
    description: 'Runs the desk.',
    permissions: ['read:books', 'lend:books'],
    gateway: 'none',
  },
  {
    name: 'Editor',
    description: 'Keeps the catalogue.',
    permissions: ['read:books', 'update:catalogue'],
    gateway: 'none',
  },
  { name: 'Reader', description: 'Borrows books.', permissions: ['read:books'], gateway: 'none' },
];

/** An application that people of the demo sign in to, and in which somebody may act in the name of another. */
export const demoApplication = {
  name: 'Library',
  description: 'Where books are found, lent and brought back.',
  type: 'SINGLE_PAGE',
  callbacks: ['http://127.0.0.1:5174/'],
  allowedWebOrigins: ['http://127.0.0.1:5174'],
  defaultRedirectUri: 'http://127.0.0.1:5174/',
  allowDelegatedAccess: true,
} as const;

export const demoOrganizations = [
  { name: 'acme', displayName: 'Acme Books', primaryColor: '#0b6e4f', metadata: { plan: 'gold' } },
  {
    name: 'harbor-school',
    displayName: 'Harbor School',
    primaryColor: '#1d4e89',
    metadata: { plan: 'school' },
  },
  { name: 'north-museum', displayName: 'North Museum', primaryColor: '#9a3b26', metadata: {} },
] as const;
