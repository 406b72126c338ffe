import { chmodSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { claimBlock, releaseBlocks } from '../../../control/stack/port-claims.ts'

let folder: string
let env: NodeJS.ProcessEnv
const stack = (name: string) => ({ envFile: join(folder, `${name}.env`) })
const longAgo = (base: number) => utimesSync(join(folder, 'cache', 'ports', String(base)), 0, 0)

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tributary-claims-'))
  env = { TRIBUTARY_CACHE: join(folder, 'cache') }
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('a block of ports', () => {
  it('is given to one stack of this machine, and to the same one again', () => {
    expect(claimBlock(27_200, stack('one'), env)).toBe(true)
    expect(claimBlock(27_200, stack('other'), env)).toBe(false)
    expect(claimBlock(27_200, stack('one'), env)).toBe(true)
    expect(claimBlock(27_300, stack('other'), env)).toBe(true)
  })

  it('stays with a stack for as long as its settings name a port of it', () => {
    claimBlock(27_200, stack('one'), env)
    longAgo(27_200)
    writeFileSync(stack('one').envFile, 'KAFKA_1_PORT=27201\n')
    expect(claimBlock(27_200, stack('other'), env)).toBe(false)
    writeFileSync(stack('one').envFile, 'KAFKA_1_PORT=27301\n')
    expect(claimBlock(27_200, stack('other'), env)).toBe(true)
  })

  it('is free again where an up ended before it wrote its settings', () => {
    claimBlock(27_200, stack('one'), env)
    longAgo(27_200)
    expect(claimBlock(27_200, stack('other'), env)).toBe(true)
  })

  it('is given back, and only by its own stack', () => {
    claimBlock(27_200, stack('one'), env)
    releaseBlocks(stack('other'), env)
    expect(claimBlock(27_200, stack('other'), env)).toBe(false)
    releaseBlocks(stack('one'), env)
    expect(readdirSync(join(folder, 'cache', 'ports'))).toEqual([])
  })

  it('is given where nothing can be kept', () => {
    writeFileSync(join(folder, 'cache'), 'no folder')
    chmodSync(join(folder, 'cache'), 0o600)
    expect(claimBlock(27_200, stack('one'), env)).toBe(true)
    expect(() => releaseBlocks(stack('one'), env)).not.toThrow()
  })
})
