import { expect, test } from 'vitest'
import { paper } from '../../../control/commands/terminal.ts'

test.each([
  [{}, true],
  [{ LANG: 'C.UTF-8' }, true],
  [{ LANG: 'de_DE.utf8' }, true],
  [{ LANG: 'C' }, false],
  [{ LANG: 'en_US.UTF-8', LC_ALL: 'POSIX' }, false],
  [{ TERM: 'dumb', LANG: 'C.UTF-8' }, false],
])('with %o blocks are drawn: %s', (env, hasBlocks) => {
  expect(paper({ env }).ink.hasBlocks).toBe(hasBlocks)
})

test('a file or a pipe gets no colour', () => {
  expect(paper({ env: { TERM: 'xterm-256color' } }).ink.hasColour).toBe(process.stdout.isTTY === true)
  expect(paper({ env: { TERM: 'xterm-256color', NO_COLOR: '1' } }).ink.hasColour).toBe(false)
})
