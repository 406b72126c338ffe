import { TribError } from '../../errors/trib-error.ts'
import { type RunOptions, runProgram } from '../../system/run-program.ts'

/** Health checks with `start_interval` came with 25; older engines refuse the file. */
export const oldestEngine = 25

export type DockerAnswer =
  | { readonly kind: 'usable'; readonly engineVersion: string; readonly composeVersion: string }
  | { readonly kind: 'unusable'; readonly reason: string; readonly hint: string }

/** Whether an engine answers here and understands our compose file; if not, why. */
export async function askDocker(env: NodeJS.ProcessEnv, signal?: AbortSignal): Promise<DockerAnswer> {
  const engine = await runProgram('docker', ['version', '--format', '{{.Server.Version}}'], { env, signal })
  if (engine.code === 127)
    return unusable('there is no docker program on the PATH', 'install Docker Engine 25 or newer')
  if (engine.code !== 0) return unusableEngine(engine.stderr || engine.stdout)
  const engineVersion = engine.stdout.trim()
  if (Number(engineVersion.split('.')[0]) < oldestEngine) {
    return unusable(
      `the Docker engine is version ${engineVersion}, ${oldestEngine} or newer is needed`,
      'update Docker',
    )
  }
  const compose = await runProgram('docker', ['compose', 'version', '--short'], { env, signal })
  if (compose.code !== 0)
    return unusable(
      "the engine answers, but 'docker compose' does not",
      'install the Compose plugin, version 2.21 or newer',
    )
  const composeVersion = compose.stdout.trim().replace(/^v/, '')
  if (isTooOld(composeVersion)) {
    return unusable(
      `Compose is version ${composeVersion}, 2.21 or newer is needed`,
      'install the Compose plugin',
    )
  }
  return { kind: 'usable', engineVersion, composeVersion }
}

/** Before 2.21 `ps --format json` printed another shape (https://github.com/docker/compose/pull/10918). */
function isTooOld(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major < 2 || (major === 2 && minor < 21)
}

function unusableEngine(output: string): DockerAnswer {
  const reason = output.trim().split('\n').at(-1) ?? ''
  if (/permission denied/i.test(reason)) {
    return unusable(
      'this user may not use the Docker socket',
      'join the docker group (sudo usermod -aG docker "$USER") and log in again',
    )
  }
  return unusable('no Docker engine answers', 'start Docker')
}

const unusable = (reason: string, hint: string): DockerAnswer => ({ kind: 'unusable', reason, hint })

/** Runs `docker compose` for one project; its own last line becomes the sentence when it fails. */
export async function runCompose(
  base: readonly string[],
  args: readonly string[],
  options: RunOptions,
): Promise<string> {
  const { code, stdout, stderr } = await runProgram('docker', ['compose', ...base, ...args], options)
  if (code === 0) return stdout
  throw composeError(args[0] ?? '', stderr || stdout)
}

export function composeError(command: string, output: string): TribError {
  const lines = output.trim().split('\n').filter(Boolean)
  const reason =
    lines.findLast(line => /error|failed|denied|not found|unable|no space/i.test(line)) ??
    lines.at(-1) ??
    'no reason given'
  return new TribError('SERVICE_FAILED', `docker compose ${command} failed: ${reason.trim().slice(0, 500)}`, {
    hint: 'npx trib status',
  })
}
