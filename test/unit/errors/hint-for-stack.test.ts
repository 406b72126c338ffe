import { expect, test } from 'vitest'
import { hintForStack } from '../../../control/errors/hint-for-stack.ts'

test.each([
  ['npm run up', 'npm run up -- --stack b'],
  [
    'npm run down -- --volumes && npm run up',
    'npm run down -- --stack b --volumes && npm run up -- --stack b',
  ],
  ['npx trib logs connect --tail 50', 'npx trib logs --stack b connect --tail 50'],
  ['npm run up -- --stack other --engine native', 'npm run up -- --stack other --engine native'],
  ['wait for it; look with: npx trib status', 'wait for it; look with: npx trib status --stack b'],
  ['start Docker', 'start Docker'],
])('%s is told for the stack that it happened in', (hint, told) => {
  expect(hintForStack(hint, 'b')).toBe(told)
  expect(hintForStack(hint, 'default')).toBe(hint)
})
