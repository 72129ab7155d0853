import { withAccounts } from '#test/features/accounts/account-scene';
import { accountTools } from '#test/features/accounts/account-operations';
import { addressCases } from '#test/features/accounts/address-cases';
import { baitCases } from '#test/features/accounts/bait-cases';
import { credentialCases } from '#test/features/accounts/credential-cases';
import { guessingCases } from '#test/features/accounts/guessing-cases';
import { passwordCases } from '#test/features/accounts/password-cases';
import { signUpCases } from '#test/features/accounts/sign-up-cases';

withAccounts(
  'accounts',
  (scene) => {
    const tools = accountTools(scene);
    signUpCases(scene, tools);
    passwordCases(scene, tools);
    addressCases(scene, tools);
    baitCases(scene, tools);
    credentialCases(scene, tools);
    guessingCases(scene, tools);
  },
  {
    GATEHOUSE_ACCOUNTS_SIGN_UP_METADATA: 'plan',
    GATEHOUSE_ACCOUNTS_RESULT_URLS: 'https://app.example.com',
    GATEHOUSE_ORGANIZATIONS_INVITATION_LOGIN_URL: 'https://app.example.com/join',
  },
);
