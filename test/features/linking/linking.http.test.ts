import { automaticCases } from '#test/features/linking/cases/automatic';
import { connectingCases } from '#test/features/linking/cases/connecting';
import { redirectCases } from '#test/features/linking/cases/redirects';
import { openLinkingScene, type LinkingScene } from '#test/features/linking/cases/linking-scene';
import { promptCases } from '#test/features/linking/cases/prompts';
import { reclaimCases } from '#test/features/linking/cases/reclaim';
import { sessionCases } from '#test/features/linking/cases/from-a-session';
import { stepCases } from '#test/features/linking/cases/with-steps';
import { eachDatabase } from '#test/support/databases';

// One app for each database serves all of these: starting it takes longer than most of them.
eachDatabase('linking accounts at providers', (database) => {
  let scene: LinkingScene;
  const opened = (): LinkingScene => scene;

  beforeAll(async () => {
    scene = await openLinkingScene(database);
  });
  afterAll(() => scene.close());

  describe('without a question', () => automaticCases(opened));
  describe('with a question', () => promptCases(opened));
  describe('an account that nobody verified', () => reclaimCases(opened));
  describe('from a session', () => sessionCases(opened));
  describe('from an application with a token', () => connectingCases(opened));
  describe('registered callbacks', () => redirectCases(opened));
  describe('with more steps', () => stepCases(opened));
});
