import type { PageScene } from '#test/features/login-pages/support/page-scene';
import { findings, type Finding } from '#test/support/page-findings';

/** The pages that ask whose account has the address. */
export function linkPageCases(current: () => PageScene): void {
  it('asks whose account it is by keyboard alone, on pages that axe-core has nothing against', async () => {
    const { scene, origin, clientId, open, enter } = current();
    const owner = await scene.person('linked');
    const baited = await scene.person('baited', { emailVerified: false });
    const { context, page, problems } = await open({});
    const found: Finding[][] = [];
    const look = async () => {
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        found.push(await findings(page));
      }
    };
    const arrive = async (sub: string, email: string, heading: string) => {
      scene.provider.account = { sub, email, email_verified: true };
      await page.goto(`${origin}/login/asking?client_id=${clientId}`);
      await page.getByRole('heading', { name: heading }).waitFor();
      await look();
    };
    await arrive('linked', owner.email, 'You have an account here already');
    await page.getByLabel('Password of that account').focus();
    await enter(page, 'a wrong password');
    await page.getByRole('alert').waitFor();
    await look();
    await page.getByRole('button', { name: /^Send a code to/ }).press('Enter');
    await page.getByRole('heading', { name: 'Look into your mail' }).waitFor();
    await look();
    await enter(page, (/code: (\d{6})/.exec((await scene.mail(owner.email)).text) ?? [])[1] ?? '');
    await page.getByRole('heading', { name: 'Set up a second step' }).waitFor();
    await context.clearCookies();
    await arrive('baited', baited.email, 'Your address is in use');
    await page.getByRole('button', { name: /^Send a code to/ }).press('Enter');
    await page.getByRole('heading', { name: 'Look into your mail' }).waitFor();
    await look();
    expect(found.flat()).toEqual([]);
    expect(problems.filter((text) => !text.includes('400'))).toEqual([]);
    await context.close();
  });
}
