export const attributeRulePermissions = {
  'read:attribute_rules':
    'Read the stored rules that deny, mask or allow attributes, and why a decision falls.',
  'update:attribute_rules': 'Change the stored rules that deny, mask or allow attributes.',
  'read:blacklist': 'Read which attributes are neither kept nor shown.',
  'update:blacklist':
    'Change which attributes are neither kept nor shown, and remove what is stored of them.',
} as const;
