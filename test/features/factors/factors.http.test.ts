import { changingCases } from '#test/features/factors/cases/changing';
import { endedCallerCases } from '#test/features/factors/cases/ended-callers';
import { enrollingCases } from '#test/features/factors/cases/enrolling';
import { linkingCases } from '#test/features/factors/cases/linking';
import { mandatoryCases } from '#test/features/factors/cases/mandatory';
import { mfaPolicyCases } from '#test/features/factors/cases/mfa-policies';
import { ownAccountCases } from '#test/features/factors/cases/own-account';
import { passkeyCases } from '#test/features/factors/cases/passkeys';
import { refusedPasskeyCases } from '#test/features/factors/cases/refused-passkeys';
import { secondFactorCases } from '#test/features/factors/cases/second-factors';
import { openScene, type FactorScene } from '#test/features/factors/support/factor-scene';
import { eachDatabase } from '#test/support/databases';

// One app for each database serves all of these: starting it takes longer than most of them.
eachDatabase('factors and My Account', (database) => {
  let scene: FactorScene;
  const opened = (): FactorScene => scene;

  beforeAll(async () => {
    scene = await openScene(database, { GATEHOUSE_PASSWORDS_HISTORY: '2' });
  });
  afterAll(() => scene.close());

  describe('enrolling methods', () => enrollingCases(opened));
  describe('changing methods', () => changingCases(opened));
  describe('a passkey is refused', () => refusedPasskeyCases(opened));
  describe('signing in with a second factor', () => secondFactorCases(opened));
  describe('signing in by a passkey', () => passkeyCases(opened));
  describe('policies of places', () => mfaPolicyCases(opened));
  describe('one’s own account', () => ownAccountCases(opened));
  describe('linking accounts', () => linkingCases(opened));
  describe('a caller whose session has ended meanwhile', () => endedCallerCases(opened));
});

eachDatabase('a second factor is mandatory', (database) => {
  let scene: FactorScene;
  beforeAll(async () => {
    scene = await openScene(database, { GATEHOUSE_FACTORS_MFA_POLICY: 'ALWAYS' });
  });
  afterAll(() => scene.close());

  mandatoryCases(() => scene);
});
