import { MailService } from '#src/features/mail/mail.service';
import { startTestApp, type TestApp } from '#test/support/app';
import { sqliteDatabase } from '#test/support/databases';

export interface TicketScene {
  readonly origin: string;
  /** A user who asked for a new password. */
  givenReset(): Promise<{ readonly resetUrl: string; signsIn(password: string): Promise<boolean> }>;
  /** The link of a message to an address that somebody signed up with. */
  givenAsked(): Promise<string>;
}

/** A started app on the embedded database: pages do not depend on which one it is. */
export function sqliteApp(title: string, tests: (scene: () => TicketScene) => void): void {
  sqliteDatabase(title, (database) => {
    let app: TestApp;
    let count = 0;
    const urls: string[] = [];

    beforeAll(async () => {
      const original = Reflect.get<typeof MailService.prototype, 'send'>(MailService.prototype, 'send');
      jest.spyOn(MailService.prototype, 'send').mockImplementation(function send(
        this: MailService,
        store,
        call,
        message,
      ) {
        const { resetUrl, verificationUrl } = message.variables as Record<string, string | undefined>;
        const url = resetUrl ?? verificationUrl;
        if (url !== undefined) urls.push(url);
        return original.call(this, store, call, message as never);
      });
      app = await startTestApp(database);
    });
    afterAll(async () => {
      await app.close();
      jest.restoreAllMocks();
    });

    tests(() => ({
      origin: app.url,
      givenAsked: async () => {
        count += 1;
        await app.ask('mutation ($input: SignUpInput!) { signUp(input: $input) { isAccepted } }', {
          variables: { input: { email: `page${count}@example.com`, password: 'correct horse battery' } },
        });
        await app.app.jobs.runUntilIdle();
        return `${app.url}${new URL(urls.at(-1) as string).pathname}`;
      },
      givenReset: async () => {
        count += 1;
        const email = `page${count}@example.com`;
        await app.givenUser({ email, password: 'correct horse battery' });
        await app.ask(
          'mutation ($input: RequestPasswordResetInput!) { requestPasswordReset(input: $input) { isAccepted } }',
          {
            variables: { input: { email } },
          },
        );
        await app.app.jobs.runUntilIdle();
        return {
          resetUrl: `${app.url}${new URL(urls.at(-1) as string).pathname}`,
          signsIn: async (password: string) => {
            const { errors } = await app.ask(
              'mutation ($input: SignInInput!) { signIn(input: $input) { __typename } }',
              {
                variables: { input: { identifier: email, password } },
              },
            );
            return errors.length === 0;
          },
        };
      },
    }));
  });
}
