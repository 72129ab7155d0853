import Fastify from 'fastify';
import { initialsRoute } from '#src/features/users/pictures/picture.routes';

describe('pictures of initials', () => {
  const server = Fastify();
  let address: string;

  beforeAll(async () => {
    server.route({ method: 'GET', url: initialsRoute.path, handler: initialsRoute.handler });
    address = await server.listen({ host: '127.0.0.1', port: 0 });
  });
  afterAll(() => server.close());

  const get = (name: string) => fetch(`${address}/pictures/initials/${name}`);

  it('are served with a policy under which they can run nothing', async () => {
    const image = await get('%3Cscript%3E.svg');
    expect(image.status).toBe(200);
    expect(image.headers.get('content-type')).toMatch(/^image\/svg\+xml/);
    expect(image.headers.get('content-security-policy')).toBe("default-src 'none'; sandbox");
    expect(image.headers.get('x-content-type-options')).toBe('nosniff');
    expect(await image.text()).not.toContain('<script>');
  });

  it('have no other form and no long names', async () => {
    expect((await get('AB.png')).status).toBe(404);
    expect((await get(`${'a'.repeat(40)}.svg`)).status).toBe(404);
  });
});
