import { startTestApp, type TestApp } from '#test/support/app';
import { eachDatabase } from '#test/support/databases';
import { fileCases } from '#test/features/transfers/cases/file-cases';
import { passwordCases } from '#test/features/transfers/cases/password-cases';
import { rightCases } from '#test/features/transfers/cases/right-cases';
import { rowCases } from '#test/features/transfers/cases/row-cases';
import { uploadCases } from '#test/features/transfers/cases/upload-cases';
import { ImportClient } from '#test/features/transfers/import-client';

eachDatabase('imports of users', (database) => {
  let test: TestApp;
  let client: ImportClient;
  beforeAll(async () => {
    test = await startTestApp(database);
    client = new ImportClient(test, await test.administrator());
  });
  afterAll(() => test.close());

  rowCases(() => client);
  passwordCases(() => client);
  fileCases(() => client);
  rightCases(() => client);
  uploadCases(() => client);
});
