import { messageOf, TribError } from '../../errors/trib-error.ts'
import { runProgram } from '../../system/run-program.ts'
import type { Topology } from '../../topology/topology.ts'
import type { PrepareOptions } from '../engine.ts'

interface ImagesOptions extends PrepareOptions {
  readonly topology: Topology
  readonly env: NodeJS.ProcessEnv
  readonly compose: (args: readonly string[], signal?: AbortSignal) => Promise<string>
}

/** Pulls what is not there and builds ours; an image that cannot be had is named. */
export async function installImages({
  topology,
  env,
  compose,
  signal,
  onProgress,
}: ImagesOptions): Promise<void> {
  const built = topology.services.filter(({ isBuilt }) => isBuilt).map(({ image }) => image)
  const pulled = new Set(topology.services.map(({ image }) => image).filter(image => !built.includes(image)))
  for (const image of pulled) {
    const present = await runProgram('docker', ['image', 'inspect', '--format', '{{.Id}}', image], {
      env,
      signal,
    })
    if (present.code === 0) continue
    onProgress('images', `pulling ${image}`)
    const { code, stderr } = await runProgram('docker', ['pull', '--quiet', image], { env, signal })
    if (code !== 0) throw imageUnavailable(image, stderr)
  }
  onProgress('images', 'building ours')
  try {
    await compose(['build', '--quiet'], signal)
  } catch (error) {
    throw buildFailure(error)
  }
}

/** A base image that cannot be had is told like any other; what else goes wrong in a build stays as it is. */
function buildFailure(error: unknown): unknown {
  const message = messageOf(error)
  const base =
    /(?:failed to resolve source metadata for|pull access denied for|failed to do request: Head ")\s*([^\s:"]+(?::[\w.-]+)?)/.exec(
      message,
    )?.[1]
  return base ? imageUnavailable(base.replace(/^docker\.io\/(?:library\/)?/, ''), message) : error
}

function imageUnavailable(image: string, output: string): TribError {
  const reason = output.trim().split('\n').at(-1)?.slice(0, 300) ?? 'no reason given'
  return new TribError('IMAGE_UNAVAILABLE', `Docker cannot get the image ${image}: ${reason}`, {
    hint: `docker pull ${image}; or run natively: npm run up -- --engine native`,
  })
}
