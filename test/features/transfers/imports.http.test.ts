import { silentLogger, type Logger } from '#src/shared/logger';
import { startTestApp, type TestApp } from '#test/support/app';
import { eachDatabase } from '#test/support/databases';
import { attackCases } from '#test/features/transfers/cases/attack-cases';
import { fileCases } from '#test/features/transfers/cases/file-cases';
import { passwordCases } from '#test/features/transfers/cases/password-cases';
import { rightCases } from '#test/features/transfers/cases/right-cases';
import { rowCases } from '#test/features/transfers/cases/row-cases';
import { sizeCases } from '#test/features/transfers/cases/size-cases';
import { uploadCases } from '#test/features/transfers/cases/upload-cases';
import { ImportClient } from '#test/features/transfers/import-client';

eachDatabase('imports of users', (database) => {
  let test: TestApp;
  let client: ImportClient;
  const logged: string[] = [];
  const note = (entry: unknown): void => void logged.push(JSON.stringify(entry));
  const logger: Logger = { ...silentLogger, debug: note, info: note, warn: note, error: note };
  beforeAll(async () => {
    test = await startTestApp(database, { overrides: { logger } });
    client = new ImportClient(test, await test.administrator());
  });
  afterAll(() => test.close());

  rowCases(() => client);
  passwordCases(() => client);
  fileCases(() => client);
  rightCases(() => client, logged);
  sizeCases(() => client);
  attackCases(() => client);
  uploadCases(() => client);
});
