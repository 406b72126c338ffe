import { describe, expect, it } from 'vitest'
import type { TribError } from '../../../control/errors/trib-error.ts'
import { parseEnvFile } from '../../../control/stack/parse-env-file.ts'

function refusal(text: string): Pick<TribError, 'code' | 'message' | 'hint'> {
  try {
    parseEnvFile(text, '.env')
  } catch (error) {
    const { code, message, hint } = error as TribError
    return { code, message, hint }
  }
  throw new Error('the file was read without an error')
}

// What Compose makes of each (compose-go 2, dotenv.Parse).
const values = [
  ['A=value', { A: 'value' }],
  ['A=', { A: '' }],
  ['  A = value  ', { A: 'value' }],
  ['A: value', { A: 'value' }],
  ['export A=value', { A: 'value' }],
  ['export=value', { export: 'value' }],
  ['# comment\n\n  # another\nA=value\n', { A: 'value' }],
  ['A=value # comment', { A: 'value' }],
  ['A=value#no-comment', { A: 'value#no-comment' }],
  ['A=a b', { A: 'a b' }],
  ['A=a=b:c', { A: 'a=b:c' }],
  ['A=first\nA=last', { A: 'last' }],
  ['A=1\r\nB="2"\r\nC=3 # comment\r\n', { A: '1', B: '2', C: '3' }],
  ['\uFEFFA=value', { A: 'value' }],
  ["A='a # b $X \\n'", { A: 'a # b $X \\n' }],
  ["A='it\\'s'", { A: "it's" }],
  ["A='one\ntwo'\nB=3", { A: 'one\ntwo', B: '3' }],
  ['A="a # b" # comment', { A: 'a # b' }],
  ['A="a\\tb\\n\\"c\\" \\\\ \\$d"', { A: 'a\tb\n"c" \\ $d' }],
  ['A=1\nB=${A}2\nC="${B}3"', { A: '1', B: '12', C: '123' }],
  ['A=$$5', { A: '$5' }],
  ['A=${UNSET:-default}', { A: 'default' }],
  ['A=${SHELL_ONLY}', { A: 'from the shell' }],
] as const

describe('an env file', () => {
  it.each(values)('is read as Compose reads it: %j', (text, expected) => {
    expect(parseEnvFile(text, '.env', { SHELL_ONLY: 'from the shell' })).toEqual(expected)
  })

  const dollar = 'the value has a "$" that names no variable that is set'

  it.each([
    ['A=1\nhunter2\n', '.env line 2: not NAME=value'],
    ['A=1\n\n2B=hunter2', '.env line 3: not NAME=value'],
    ['A B=hunter2', '.env line 1: not NAME=value'],
    ['=hunter2', '.env line 1: not NAME=value'],
    ['A=1\nB="hunter2\nC=3\n', '.env line 2: the quote that opens the value is not closed'],
    ["A='hunter2", '.env line 1: the quote that opens the value is not closed'],
    ['A="one\ntwo"\nB="hunter2"x', '.env line 3: something stands behind the closing quote'],
    ['A=hunter$hunter2', `.env line 1: ${dollar}`],
    ['A="hunter2$"', `.env line 1: ${dollar}`],
  ])('is refused without showing a value: %j', (text, message) => {
    const error = refusal(text)

    expect(error.code).toBe('ENV_FILE_INVALID')
    expect(error.message).toBe(message)
    expect(`${error.message}${error.hint}`).not.toContain('hunter')
  })

  it('with a dollar sign in a value gets the hint that helps', () => {
    expect(refusal('A=pa$word').hint).toBe("put the value in 'single quotes'")
  })
})
