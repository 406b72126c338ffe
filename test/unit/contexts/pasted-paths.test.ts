import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { editContexts, noContexts, parseContexts } from '../../../control/contexts/context-document.ts'
import { changeContextFile, readContextFile } from '../../../control/contexts/context-file.ts'
import { lineOf, readHistoryFile } from '../../../control/history/history-file.ts'
import { filesIn, notKept } from '../../../control/history/private-folder.ts'
import { hostileTexts } from '../../support/hostile-texts.ts'
import { openPasting } from '../../support/paste.ts'
import { failureOf } from './world.ts'

let around: string
const pasting = openPasting({ others: ['chmod', 'rm', 'ls', 'df', 'sed', 'vi'] })
beforeAll(() => {
  around = mkdtempSync(join(tmpdir(), 'tributary-paths-'))
})
afterAll(() => {
  pasting[Symbol.dispose]()
  rmSync(around, { recursive: true })
})

/** What a file's folder can be called. */
const folders = hostileTexts.filter(text => !/\/|^\.{0,2}$/.test(text))

/** The calls that the hint of a failure makes, without the words before its command. */
async function pasted(act: () => unknown) {
  const { hint = '' } = await failureOf(act)
  return pasting.paste(hint.replace(/^[a-z, ]+: /, ''))
}

it.each(folders)('below a folder called %j, the printed lines are about its files', async name => {
  const folder = join(around, name)
  mkdirSync(folder)
  const path = join(folder, 'file')

  writeFileSync(path, 'a: 1\n')
  chmodSync(path, 0o644)
  expect(await pasted(() => readContextFile(path))).toEqual([['chmod', '600', path]])
  writeFileSync(`${path}.lock`, '')
  expect(await pasted(() => changeContextFile(path, file => file, { deadlineMs: 1 }))).toEqual([
    ['rm', `${path}.lock`],
  ])
  const aliased = 'contexts:\n  a: &a\n    connect: { urls: [ http://a:8083 ] }\n  b: *a\n'
  const { contexts } = parseContexts(aliased, path)
  const after = { ...noContexts, contexts: new Map([...contexts, ['a', {}]]) }
  expect(await pasted(() => editContexts(aliased, after, path))).toEqual([['vi', path]])

  expect(await pasted(() => readHistoryFile(path).map(lineOf))).toEqual([['sed', '-n', '1p', path]])
  expect(await pasted(() => readHistoryFile(folder))).toEqual([['ls', '-l', folder]])
  expect(await pasted(() => filesIn(path, ''))).toEqual([['ls', '-ld', path]])
  expect(
    await pasted(() => {
      throw notKept(path, new Error('full'))
    }),
  ).toEqual([
    ['ls', '-ld', folder],
    ['df', '-h', folder],
  ])
})
