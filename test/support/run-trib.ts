import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { runCommand } from '../../control/cli.ts'
import { createShell } from '../../control/shell.ts'
import { root } from './trib.ts'

export interface Ran {
  readonly code: number
  readonly stdout: string
  /** With the questions, and what was answered. */
  readonly stderr: string
}

export interface Terminal extends Disposable {
  /** For files of the test's own. */
  readonly folder: string
  readonly env: NodeJS.ProcessEnv
  run(args: readonly string[], options?: RunOptions): Promise<Ran>
  /** Writes a file below the folder, and gives its path. */
  write(name: string, content: string | Uint8Array): string
}

export interface RunOptions {
  readonly stdin?: string
  /** What a person would type when asked; without it nobody is there. */
  readonly answer?: string
  readonly signal?: AbortSignal
}

interface TerminalOptions {
  /** Where Connect is; becomes the current context `test`. */
  readonly connectUrl: string
  readonly kafka?: readonly string[]
  readonly databases?: Databases
}

/** URLs without a password. */
export interface Databases {
  readonly sources: Readonly<Record<string, string>>
  readonly warehouse: string
}

/** `trib` as a person at a terminal of their own uses it, inside this process: no context, history or file of others. */
export function openTerminal({ connectUrl, kafka, databases }: TerminalOptions): Terminal {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-terminal-'))
  const contexts = join(folder, 'contexts.yaml')
  const brokers = kafka ? `    kafka:\n      bootstrap: [${kafka.join(', ')}]\n` : ''
  const sources = Object.entries(databases?.sources ?? {}).map(
    ([name, url]) => `      ${name}: { url: ${JSON.stringify(url)} }\n`,
  )
  const stores = databases
    ? `${sources.length > 0 ? '    sources:\n' : ''}${sources.join('')}    warehouse: { url: ${JSON.stringify(databases.warehouse)} }\n`
    : ''
  writeFileSync(
    contexts,
    `current: test\ncontexts:\n  test:\n    connect:\n      urls: [${connectUrl}]\n${brokers}${stores}`,
    { mode: 0o600 },
  )
  const env = {
    PATH: process.env['PATH'],
    HOME: folder,
    TRIB_CONFIG: contexts,
    XDG_STATE_HOME: join(folder, 'state'),
  }
  return {
    folder,
    env,
    async run(args, { stdin = '', answer, signal = new AbortController().signal } = {}) {
      let stdout = ''
      let stderr = ''
      const toStdout = (text: string) => {
        stdout += text
      }
      const toStderr = (text: string) => {
        stderr += text
      }
      const shell = {
        ...createShell({ root, launcher: join(root, 'control', 'trib.mjs'), env, signal }),
        ...{ writeOut: toStdout, drawOut: toStdout },
        ...{ writeErr: toStderr, drawErr: toStderr },
        stdin: () => Readable.from([Buffer.from(stdin)]),
        ask: async (question: string) => {
          if (answer !== undefined) stderr += `${question}${answer}\n`
          return answer
        },
      }
      const code = await runCommand(shell, args)
      return { code, stdout, stderr }
    },
    write(name, content) {
      const path = join(folder, name)
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, content)
      return path
    },
    [Symbol.dispose]() {
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
