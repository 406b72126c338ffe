import { spawn } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { runTribHere } from '../support/run-trib-here.ts'
import { eventually, root, type TestStack } from '../support/trib.ts'

export interface Hop {
  readonly hop: string
  readonly state: string
  readonly rule: string | null
  readonly facts: Readonly<Record<string, unknown>>
}
export interface Pipeline {
  readonly name: string
  readonly state: string
  readonly cause: string | null
  readonly command: string | null
  readonly rule: string | null
  readonly freshnessSeconds: number | null
  readonly lagRecords: number | null
  readonly hops: readonly Hop[]
}
export interface Health {
  readonly state: string
  readonly pipelines: readonly Pipeline[]
  /** Only where no pipeline was seen. */
  readonly cause?: string
  readonly command?: string
}

/** In this process: most looks here only wait for something, and a process each would cost more than the look. */
export async function askHealth({ name }: TestStack): Promise<Health & { readonly code: number }> {
  const { code, stdout, stderr } = await runTribHere(['health', '--stack', name, '-o', 'json'])
  if (stdout === '') throw new Error(stderr)
  return { ...JSON.parse(stdout), code }
}

interface Patience {
  readonly deadlineMs?: number
}

export const untilWell = (stack: TestStack, { deadlineMs = 45_000 }: Patience = {}) => {
  let last = ''
  return eventually(
    'all to be well',
    async () => {
      const seen = await askHealth(stack)
      last = seen.cause ?? seen.pipelines.map(({ name, cause }) => `${name}: ${cause}`).join('; ')
      return seen.code === 0 ? seen : undefined
    },
    { deadlineMs, intervalMs: 200 },
  ).catch(error => {
    throw new Error(`${error.message}; last seen: ${last}`, { cause: error })
  })
}

/** Waits until a pipeline's root cause is the one expected; gives what health says of it. */
export const untilSeen = (
  stack: TestStack,
  name: string,
  rule: string,
  { deadlineMs = 30_000 }: Patience = {},
) => {
  let last: string | null | undefined
  return eventually(
    `${name} to show ${rule}`,
    async () => {
      const seen = (await askHealth(stack)).pipelines.find(one => one.name === name)
      last = `${seen?.rule}: ${seen?.cause}`
      return seen?.rule === rule ? seen : undefined
    },
    { deadlineMs, intervalMs: 200 },
  ).catch(error => {
    throw new Error(`${error.message}; last seen: ${last}`, { cause: error })
  })
}

/** A person pastes the line; gives what it printed. */
export async function paste(command: string | null | undefined): Promise<string> {
  const path = [join(root, 'node_modules', '.bin'), process.env['PATH']].join(delimiter)
  const shell = spawn('sh', ['-c', command ?? 'false'], {
    cwd: root,
    env: { ...process.env, NO_COLOR: '1', PATH: path },
  })
  let output = ''
  for (const stream of [shell.stdout, shell.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  }
  const code = await new Promise<number | null>(resolve => shell.on('close', resolve))
  if (code !== 0) throw new Error(`'${command}' ended with ${code}: ${output}`)
  return output
}
