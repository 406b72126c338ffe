import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A shell of the person who pastes what was printed, in which `npx` and others only write down how they were called. */
export interface Pasting extends Disposable {
  /** The calls in order, each with the program's name first; throws where anything else happened. */
  paste(line: string, shell?: string): readonly (readonly string[])[]
}

const programs = ['npx', 'psql', 'curl']
const record = `#!/bin/sh
{ printf '%s\\0' "$(($# + 1))" "\${0##*/}" "$@"; } >> "$RECORD"
`

interface PastingOptions {
  /** Other programs that only write down their calls. (Default: none) */
  readonly others?: readonly string[]
}

export function openPasting({ others = [] }: PastingOptions = {}): Pasting {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-paste-'))
  const [bin, here, calls] = ['bin', 'here', 'calls'].map(name => join(folder, name)) as [
    string,
    string,
    string,
  ]
  mkdirSync(bin)
  mkdirSync(here)
  for (const name of [...programs, ...others]) writeFileSync(join(bin, name), record, { mode: 0o755 })
  const env = { PATH: `${bin}:/usr/bin:/bin`, HOME: here, RECORD: calls }
  return {
    paste(line, shell = 'sh') {
      rmSync(calls, { force: true })
      const { status, stderr } = spawnSync(shell, { input: `${line}\n`, cwd: here, env, encoding: 'utf8' })
      const left = readdirSync(here)
      for (const name of left) rmSync(join(here, name), { recursive: true })
      if (status !== 0 || stderr !== '' || left.length > 0)
        throw new Error(`${shell} ended with ${status}, said '${stderr}' and left [${left}]: ${line}`)
      return existsSync(calls) ? callsIn(readFileSync(calls, 'utf8')) : []
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
}

function callsIn(text: string): readonly (readonly string[])[] {
  const words = text.split('\0').slice(0, -1)
  const calls: string[][] = []
  while (words.length > 0) calls.push(words.splice(0, Number(words.shift())))
  return calls
}
