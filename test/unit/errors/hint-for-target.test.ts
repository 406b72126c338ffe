import { expect, test } from 'vitest'
import { hintForTarget } from '../../../control/errors/hint-for-target.ts'

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
  expect(hintForTarget(hint, { stack: 'b' })).toBe(told)
  expect(hintForTarget(told, { stack: 'b' })).toBe(told)
  expect(hintForTarget(hint, { stack: 'default' })).toBe(hint)
})

test.each([
  ['npx trib apply -f x.json --yes', 'npx trib apply -c prod -f x.json --yes'],
  ['npx trib get connectors', 'npx trib get -c prod connectors'],
  ['npx trib config get-contexts', 'npx trib config get-contexts'],
  ['npx trib status', 'npx trib status'],
  ['back: npx trib patch offsets a -f b --yes\n', 'back: npx trib patch -c prod offsets a -f b --yes\n'],
])('%s is told for the context that it happened in', (hint, told) => {
  expect(hintForTarget(hint, { context: 'prod' })).toBe(told)
  expect(hintForTarget(hint, {})).toBe(hint)
})
