import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { eventually, root, type TestStack } from '../support/trib.ts'

interface Told {
  readonly level: string
  readonly object: string
  readonly sentence: string
  readonly command?: string
}

/** `trib follow` as a person lets it run; disposing is ^C. */
export interface Follower extends AsyncDisposable {
  /** Waits until it has told something; gives the first that was told since the last call and fits. */
  told(object: string, sentence: RegExp, deadlineMs?: number): Promise<Told>
}

export function startFollower(stack: TestStack): Follower {
  const args = [join(root, 'control', 'trib.mjs'), 'follow', '-o', 'wide', '--stack', stack.name]
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
  let stdout = ''
  let stderr = ''
  let read = 0
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const ended = once(child, 'exit')
  return {
    told: (object, sentence, deadlineMs = 40_000) =>
      eventually(
        `follow to tell ${sentence} of ${object}; it said: ${stdout}${stderr}`,
        async () => {
          const lines = stdout
            .slice(0, stdout.lastIndexOf('\n') + 1)
            .split('\n')
            .slice(0, -1)
          for (const [index, line] of lines.entries()) {
            const told: Told = JSON.parse(line)
            if (index < read || told.object !== object || !sentence.test(told.sentence)) continue
            read = index + 1
            return told
          }
          return undefined
        },
        { deadlineMs, intervalMs: 50 },
      ),
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null) child.kill('SIGINT')
      const [code] = await ended
      if (code !== 0) throw new Error(`follow ended with ${code}: ${stderr}`)
    },
  }
}
