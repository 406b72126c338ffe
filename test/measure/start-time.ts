import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { root } from '../support/trib.ts'

const rounds = 10

/** Both ways in which a user starts `trib` in a clone. */
export const launchers = {
  'node control/trib.mjs': [process.execPath, join(root, 'control', 'trib.mjs')],
  'node_modules/.bin/trib': [join(root, 'node_modules', '.bin', 'trib')],
} as const

/** How long a command takes from the start of its process to its end: the median of ten, after one that warms up. */
export async function medianMs(
  [program, ...args]: readonly [string, ...string[]],
  env: NodeJS.ProcessEnv = process.env,
): Promise<number> {
  await runMs(program, args, env)
  const took: number[] = []
  for (let round = 0; round < rounds; round += 1) took.push(await runMs(program, args, env))
  took.sort((a, b) => a - b)
  const [below = 0, above = 0] = took.slice(rounds / 2 - 1, rounds / 2 + 1)
  const median = (below + above) / 2
  const range = `${took[0]?.toFixed(0)} to ${took.at(-1)?.toFixed(0)}`
  process.stdout.write(
    `trib ${args.filter(word => !word.startsWith(root)).join(' ')}: median ${median.toFixed(0)} ms (${range})\n`,
  )
  return median
}

function runMs(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const startedAt = performance.now()
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env, stdio: ['ignore', 'ignore', 'pipe'] })
    let stderr = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
    })
    child.on('error', reject)
    child.on('close', code => {
      if (code === 0) resolve(performance.now() - startedAt)
      else reject(new Error(`${program} ${args.join(' ')} ended with ${code}: ${stderr}`))
    })
  })
}
