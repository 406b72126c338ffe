import { join } from 'node:path'
import { runCommand } from '../../control/cli.ts'
import { createShell } from '../../control/shell.ts'
import { root } from './trib.ts'

/** Runs `trib` in this process: for looks by the hundred, where a start each would cost more than the look. */
export async function runTribHere(args: readonly string[]) {
  let stdout = ''
  let stderr = ''
  const toStdout = (text: string) => {
    stdout += text
  }
  const toStderr = (text: string) => {
    stderr += text
  }
  const shell = {
    ...createShell({
      ...{ root, launcher: join(root, 'control', 'trib.mjs') },
      ...{ env: process.env, signal: new AbortController().signal },
    }),
    ...{ writeOut: toStdout, drawOut: toStdout },
    ...{ writeErr: toStderr, drawErr: toStderr },
  }
  const code = await runCommand(shell, args)
  return { code, stdout, stderr }
}
