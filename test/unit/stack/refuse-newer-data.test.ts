import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { refuseNewerData } from '../../../control/stack/refuse-newer-data.ts'
import { openStack } from '../../../control/stack/stack.ts'
import { readStackVersion, writeStackState } from '../../../control/stack/stack-state.ts'

const root = mkdtempSync(join(tmpdir(), 'trib-state-'))
afterAll(() => rmSync(root, { recursive: true }))
const stack = openStack(root, 'demo')
const path = join(stack.folder, 'stack.json')

function write(text: string): void {
  mkdirSync(stack.folder, { recursive: true })
  writeFileSync(path, text)
}

it.each([
  ['0.1.0', '0.1.0'],
  ['0.0.9', '0.1.0'],
  ['0.9.0', '0.10.0'],
  ['not a version', '0.1.0'],
  [undefined, '0.1.0'],
])('data of %s runs under %s', (recorded, own) => {
  expect(() => refuseNewerData('demo', recorded, own)).not.toThrow()
})

it.each([
  ['0.1.1', '0.1.0'],
  ['0.10.0', '0.9.0'],
  ['1.0.0', '0.99.99'],
])('data of %s is refused under %s, with the way on and the way back', (recorded, own) => {
  expect(() => refuseNewerData('demo', recorded, own)).toThrow(
    expect.objectContaining({
      code: 'DATA_NEWER',
      message: expect.stringContaining(`brought up by Tributary ${recorded}, and this is ${own}`),
      hint: expect.stringContaining(`go on with Tributary ${recorded}`),
    }),
  )
})

it('a newer version is known by its version, whatever else it writes of a stack', () => {
  write(JSON.stringify({ version: '99.0.0', engine: { kind: 'elsewhere' } }))

  expect(readStackVersion(stack)).toBe('99.0.0')
  expect(() => refuseNewerData(stack.name, readStackVersion(stack))).toThrow(
    expect.objectContaining({ code: 'DATA_NEWER' }),
  )
})

it('a stack that was never brought up has no version, and one of this version has its own', () => {
  expect(readStackVersion(openStack(root, 'other'))).toBeUndefined()
  writeStackState(stack, { engine: 'native', profiles: [], version: '0.1.0', createdAt: '2026-11-27' })
  expect(readStackVersion(stack)).toBe('0.1.0')
})

it.each([
  ['', 'Unexpected end of JSON input'],
  ['{"engine": "native"}', 'it names no version'],
  ['[]', 'it names no version'],
])('a record that says nothing of its version, %j, is told and left as it is', (text, reason) => {
  write(text)

  expect(() => readStackVersion(stack)).toThrow(
    expect.objectContaining({
      code: 'STATE_UNREADABLE',
      message: `which version brought the stack 'demo' up last is not known: ${path} cannot be read (${reason}); nothing was touched`,
      hint: `put that file back; or, where it was this version: rm ${path} && npm run up`,
    }),
  )
  expect(readFileSync(path, 'utf8')).toBe(text)
})
