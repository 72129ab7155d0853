/** Words from which the generated data is made. Companies, domains and numbers are reserved or invented. */
export const givenNames: readonly string[] = (
  'Ada Adrian Aiko Alice Amara Amir Ana Anders Anneliese Antoine Aria Arjun Astrid Ayşe Beatriz Ben Björn Camila Carlos Chiara ' +
  'Chloé Clara Dagny Daniel David Dmitri Eero Eleni Elif Emma Enzo Esther Farah Felix Fiona Freya Gabriel Giulia Grace Hana ' +
  'Hannah Hiro Hugo Ibrahim Ida Ines Ingrid Isaac Ivan Jakub Jana Jasmine Jonas José Julia Kaito Karin Kofi Lars Laura Layla ' +
  'Leo Lena Liam Lin Lucía Łukasz Magnus Maja Malik Marta Mateo Mei Mia Mina Mohammed Nadia Nina Noah Nora Olga Oliver Omar ' +
  'Oskar Paula Pedro Petra Priya Quentin Rafael Rosa Ruth Sam Sara Sean Signe Sofia Søren Tara Theo Thomas Uma Vera Viktor ' +
  'Wanda Xenia Yara Yusuf Zoë'
).split(' ');

export const familyNames: readonly string[] = (
  'Abebe Adeyemi Ahmed Almeida Andersson Bauer Becker Bianchi Brown Carter Castro Chen Clarke Costa Dahl Diaz Dubois Dvořák Eriksen ' +
  'Evans Faure Fernández Fischer Fontana Garcia Gomez González Gruber Haas Hansen Harris Hernández Hill Hoffmann Horvat Hughes ' +
  'Ito Ivanova Jansen Johansson Jones Kaya Kelly Khan Kim Klein Kovács Kowalski Kumar Lang Larsen Laurent Lee Lehmann López Lund ' +
  "Martin Martínez Mensah Meyer Mitchell Moreau Müller Murphy Nakamura Nguyen Nielsen Novák O'Brien O'Neil Okafor Olsen Ortiz " +
  'Papadopoulos Park Patel Pereira Petrov Popescu Ramírez Rossi Roux Saito Santos Sato Schmidt Schneider Sharma Silva Singh ' +
  'Smith Sokolov Suzuki Tanaka Taylor Torres Tran Van-Dijk Virtanen Walker Wang Weber Williams Wilson Wójcik Wong Wright Yılmaz ' +
  'Young Zhang Zimmermann'
).split(' ');

export const domains: readonly string[] = (
  'example.com example.net example.org mail.example.com post.example.net inbox.example.org corp.example.com people.example.net ' +
  'acorn.example birch.example cedar.example delta.example ember.example fjord.example grove.example harbor.example ' +
  'iris.example juniper.example kelp.example lagoon.example meadow.example north.example orchid.example prairie.example'
).split(' ');

export const cities: readonly string[] = (
  'Accra Amsterdam Ankara Athens Auckland Bangkok Barcelona Belgrade Bergen Berlin Bogotá Boston Brno Brussels Bucharest Budapest ' +
  'Cairo Chicago Copenhagen Dakar Delhi Denver Dublin Edinburgh Florence Gdańsk Geneva Genoa Ghent Hamburg Hanoi Helsinki ' +
  'Istanbul Jakarta Kigali Kraków Kyoto Lagos Leeds Lima Lisbon Ljubljana London Lyon Madrid Malmö Manila Marseille Melbourne ' +
  'Milan Montréal Munich Nairobi Naples Oslo Ottawa Paris Porto Prague Quito Riga Rome Rotterdam Seattle Seoul Sofia Stockholm ' +
  'Sydney Tallinn Tokyo Toronto Tunis Turin Utrecht Valencia Vienna Vilnius Warsaw Zagreb Zürich'
).split(' ');

export const colors = [
  'amber',
  'black',
  'blue',
  'coral',
  'green',
  'indigo',
  'olive',
  'orange',
  'pink',
  'red',
  'teal',
  'white',
] as const;
export const plans = [
  'free',
  'free',
  'free',
  'starter',
  'starter',
  'team',
  'business',
  'enterprise',
] as const;
export const departments = [
  'engineering',
  'finance',
  'legal',
  'marketing',
  'operations',
  'people',
  'sales',
  'support',
] as const;

export const organizationWords: readonly string[] = (
  'amber anchor arctic atlas aurora beacon bright cedar citrus clear cobalt coral crystal dawn delta ember falcon fern fjord ' +
  'golden granite harbor hazel horizon iron ivory jade juniper lantern lunar maple marble meadow misty nimbus north oak onyx ' +
  'opal orchid pacific pearl pine polar quartz rapid raven river ruby sable sage silver solar spruce stone summit swift ' +
  'teal terra thunder timber topaz tundra velvet verdant violet willow winter zenith'
).split(' ');

export const organizationKinds: readonly string[] = (
  'analytics bakery books brewing clinic coffee consulting dental design energy farms finance foods freight games garden health ' +
  'hotels insurance kitchen labs law legal logistics media motors music outdoors partners pharma press robotics school security ' +
  'shipping software sports studio systems telecom textiles theatre tools travel union ventures water works'
).split(' ');

export const userAgents: readonly string[] = [
  'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:141.0) Gecko/20100101 Firefox/141.0',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 15_2) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.1 Safari/605.1.15',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148',
  'Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Mobile Safari/537.36',
];

/** What each of the generated roles may do on the two generated resource servers: `server:permission`. */
export const resourceServers = [
  {
    name: 'Orders API',
    identifier: 'https://orders.example/api',
    nouns: ['orders', 'invoices', 'refunds', 'customers'],
  },
  {
    name: 'Content API',
    identifier: 'https://content.example/api',
    nouns: ['articles', 'comments', 'pictures', 'reports'],
  },
] as const;
export const verbs = ['read', 'create', 'update', 'delete'] as const;

// SECURITY: none is called Administrator, a role to which `gatehouse init` gives every permission of the gateway: its generated
// holders would become administrators.
export const roleNames: readonly string[] = [
  'Auditor',
  'Author',
  'Billing clerk',
  'Buyer',
  'Catalogue manager',
  'Content editor',
  'Coordinator',
  'Data analyst',
  'Developer',
  'Finance lead',
  'Guest',
  'Moderator',
  'Owner',
  'Publisher',
  'Release manager',
  'Reviewer',
  'Sales agent',
  'Security officer',
  'Support agent',
  'Warehouse clerk',
];
