import { discoveryCases } from '#test/features/login-pages/cases/discovery';
import { organizationCases } from '#test/features/login-pages/cases/organizations';
import { pageCases } from '#test/features/login-pages/cases/page';
import { redirectSetupCases } from '#test/features/login-pages/cases/redirect-setup';
import { redirectCases } from '#test/features/login-pages/cases/redirects';
import { startAgainCases } from '#test/features/login-pages/cases/start-again';
import { openLoginScene, type LoginScene } from '#test/features/login-pages/support/login-scene';
import { eachDatabase } from '#test/support/databases';

// One app for each database serves all of these: starting it takes longer than most of them.
eachDatabase('the sign-in page', (database) => {
  let scene: LoginScene;
  const opened = (): LoginScene => scene;

  beforeAll(async () => {
    scene = await openLoginScene(database, ['corp', 'second'], {
      GATEHOUSE_ATTACK_PROTECTION_LOGIN_BEGINS_PER_MINUTE: '40',
    });
    const corp = await scene.addConnection('corp', { displayName: 'Corp staff' });
    await scene.addConnection('second');
    await scene.addConnection('hidden', { showAsButton: false });
    const other = await scene.addApplication({ name: 'Other' });
    await scene.addConnection('foreign', { applicationIds: [other] });
    await scene.addDomain(corp, 'corp.example', true);
    await scene.addDomain(corp, 'unproven.example', false);
  });
  afterAll(() => scene.close());

  describe('with a password', () => pageCases(opened));
  describe('1.6 choosing the organization', () => organizationCases(opened));
  describe('finding the way in', () => discoveryCases(opened));
  describe('beginning anew', () => startAgainCases(opened));
  describe('with a page elsewhere in the middle', () => redirectCases(opened));
  describe('setting such pages up', () => redirectSetupCases(opened));
});
