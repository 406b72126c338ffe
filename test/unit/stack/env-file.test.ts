import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ensureEnvFile, readEnvFile, removeGeneratedBlock } from '../../../control/stack/env-file.ts'

const begin =
  '# --- written by `trib up`, removed by `trib down --volumes`; your own settings go above this line ---\n'
const end = '# --- end of what `trib up` wrote ---\n'
const settings = { PORT: '27101', PASSWORD: 'generated' }
const block = `${begin}PORT=27101\nPASSWORD=generated\n${end}`

let folder: string
let path: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trib-env-'))
  path = join(folder, '.env')
})

afterEach(() => {
  const left = readdirSync(folder)
  rmSync(folder, { recursive: true })
  expect(left.filter(name => name.endsWith('.tmp'))).toEqual([])
})

const text = () => readFileSync(path, 'utf8')
const mode = () => statSync(path).mode & 0o777

describe('ensureEnvFile', () => {
  it('writes a file that only its owner reads, with all that is missing', () => {
    const added = ensureEnvFile({ path, settings })

    expect(added).toEqual(['PORT', 'PASSWORD'])
    expect(text()).toBe(block)
    expect(mode()).toBe(0o600)
    expect(readEnvFile(path)).toEqual(settings)
  })

  it('makes the folder of the file', () => {
    path = join(folder, 'stacks', 'demo', '.env')

    ensureEnvFile({ path, settings })

    expect(text()).toBe(block)
  })

  it('changes nothing the second time, and keeps the values of the first', () => {
    writeFileSync(path, 'OWN=1\n')
    ensureEnvFile({ path, settings })
    const first = { text: text(), file: statSync(path).ino, changedMs: statSync(path).mtimeMs }

    const added = ensureEnvFile({ path, settings: { PORT: '1', PASSWORD: 'another' } })

    expect(added).toEqual([])
    expect({ text: text(), file: statSync(path).ino, changedMs: statSync(path).mtimeMs }).toEqual(first)
  })

  it("leaves the user's own lines as they are, and lets them win", () => {
    const own = '# mine\nPORT = "5000" # chosen\r\nOTHER=1'
    writeFileSync(path, own)

    const added = ensureEnvFile({ path, settings })

    expect(added).toEqual(['PASSWORD'])
    expect(text()).toBe(`${own}\n\n${begin}PASSWORD=generated\n${end}`)
    expect(readEnvFile(path)).toEqual({ PORT: '5000', OTHER: '1', PASSWORD: 'generated' })
  })

  it('takes a name out of the block once the user sets it above', () => {
    writeFileSync(path, `PORT=5000\n\n${block}`)

    ensureEnvFile({ path, settings })

    expect(text()).toBe(`PORT=5000\n\n${begin}PASSWORD=generated\n${end}`)
    expect(readEnvFile(path)['PORT']).toBe('5000')
  })

  it('adds the settings of a newer version to the block', () => {
    writeFileSync(path, block)

    const added = ensureEnvFile({ path, settings: { NEW_PORT: '27160', ...settings, PORT: '1' } })

    expect(added).toEqual(['NEW_PORT'])
    expect(text()).toBe(`${begin}PORT=27101\nPASSWORD=generated\nNEW_PORT=27160\n${end}`)
  })

  it('keeps what stands below the block, above it', () => {
    writeFileSync(path, `ABOVE=1\n\n${block}BELOW=2\n`)

    ensureEnvFile({ path, settings })

    expect(text()).toBe(`ABOVE=1\nBELOW=2\n\n${block}`)
  })

  it('closes a file to others that was open to them', () => {
    writeFileSync(path, block, { mode: 0o644 })

    ensureEnvFile({ path, settings })

    expect([mode(), text()]).toEqual([0o600, block])
  })

  it('writes through a link to a file elsewhere', () => {
    const target = join(folder, 'elsewhere')
    writeFileSync(target, 'OWN=1\n')
    symlinkSync(target, path)

    ensureEnvFile({ path, settings })

    expect(readFileSync(target, 'utf8')).toBe(`OWN=1\n\n${block}`)
  })

  it.each([
    ['PORT=1\nhunter2\n', '.env line 2: not NAME=value'],
    [`OWN=1\n${begin}PORT=1\n`, '.env line 2: the block that begins here has lost its end'],
  ])('leaves a file that it cannot read as it is: %j', (content, message) => {
    writeFileSync(path, content)

    expect(() => ensureEnvFile({ path, settings })).toThrow(
      expect.objectContaining({ code: 'ENV_FILE_INVALID', message }),
    )
    expect(text()).toBe(content)
  })
})

describe('removeGeneratedBlock', () => {
  it.each(['OWN=1\n', '# mine\r\nOWN=1\r\n\r\n', 'OWN=1\n\n\n'])("gives the user's file back: %j", own => {
    writeFileSync(path, own)
    ensureEnvFile({ path, settings })

    removeGeneratedBlock(path)

    expect(text()).toBe(own)
  })

  it('removes a file that held nothing else', () => {
    ensureEnvFile({ path, settings })

    removeGeneratedBlock(path)

    expect(readdirSync(folder)).toEqual([])
  })

  it('leaves a file without a block alone, also an empty one', () => {
    writeFileSync(path, '')

    removeGeneratedBlock(path)

    expect(text()).toBe('')
  })

  it('does nothing without a file', () => {
    removeGeneratedBlock(path)

    expect([readdirSync(folder), readEnvFile(path)]).toEqual([[], {}])
  })
})
