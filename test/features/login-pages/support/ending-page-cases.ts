import type { PageScene } from '#test/features/login-pages/support/page-scene';
import { findings } from '#test/support/page-findings';

/** Pages at which a sign-in ends, and what a browser without script is told. */
export function endingPageCases(current: () => PageScene): void {
  it('leads on from where a sign-in ends, by keyboard alone, on pages that axe-core has nothing against', async () => {
    const { scene, origin, clientId, open, enter } = current();
    const { email } = await scene.person('forgetting');
    const { context, page } = await open({ colorScheme: 'dark' });
    await enter(page, email);
    await page.getByLabel('Password').waitFor();
    await page.getByRole('button', { name: 'I have forgotten my password' }).press('Enter');
    await page.getByRole('heading', { name: 'Look into your mail' }).waitFor();
    const found = [await findings(page)];
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    const sent = await context.request.get(`${origin}/login/corp?client_id=${clientId}`, { maxRedirects: 0 });
    const state = new URL(sent.headers()['location'] ?? '').searchParams.get('state') ?? '';
    await page.goto(`${origin}/login/callback/corp?error=access_denied&state=${state}`);
    found.push(await findings(page));
    await page.keyboard.press('Tab');
    expect(await page.locator('a:focus').innerText()).toBe('Start again');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    for (const path of ['continue?state=x', 'embed/callback?handle=x', 'embed/authorize?handle=x']) {
      await page.goto(`${origin}/${path}`);
      await page.getByRole('alert').waitFor();
      found.push(await findings(page));
    }
    expect(found.flat()).toEqual([]);
    await context.close();
  });

  it('marks the field that was wrong, and puts the words about it before its name', async () => {
    const { scene, open, enter } = current();
    const { email } = await scene.person('marked');
    const { context, page } = await open({});
    await enter(page, email);
    await page.getByLabel('Password').waitFor();
    await enter(page, 'a wrong password');
    await page.getByRole('alert').waitFor();
    const field = page.locator('input:focus');
    const border = await field.evaluate(
      (input) =>
        (
          globalThis as unknown as { getComputedStyle(of: unknown): { borderTopColor: string } }
        ).getComputedStyle(input).borderTopColor,
    );
    expect([await field.getAttribute('aria-describedby'), border]).toEqual(['problem', 'rgb(179, 38, 30)']);
    expect(await page.title()).toBe('Enter your password');
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
    await context.close();
  });

  it('tells a browser without script that passkeys need it, and nothing that is not so', async () => {
    const { open } = current();
    const { context, page } = await open({ javaScriptEnabled: false });
    await page.getByRole('button', { name: 'Use a passkey' }).press('Enter');
    await page.getByText('Passkeys need JavaScript').waitFor();
    expect(await page.getByText('Your device asks').count()).toBe(0);
    await page.getByRole('button', { name: 'Sign in another way' }).press('Enter');
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await context.close();
  });
}
