import { TribError } from '../errors/trib-error.ts'
import { askDocker } from './docker/docker-cli.ts'
import type { EngineKind } from './engine.ts'

export interface EngineChoice {
  readonly kind: EngineKind
  /** Printed, so that nobody wonders why. */
  readonly reason: string
}

interface ChooseOptions {
  /** What the user asked for, if anything. */
  readonly asked: EngineKind | undefined
  /** The engine that holds this stack's data. */
  readonly recorded: EngineKind | undefined
  readonly env: NodeJS.ProcessEnv
  readonly signal: AbortSignal
}

/** The user's word, else the engine that has the data, else Docker where it answers, else native. */
export async function chooseEngine({ asked, recorded, env, signal }: ChooseOptions): Promise<EngineChoice> {
  if (asked && recorded && asked !== recorded) throw engineMismatch(asked, recorded)
  if (asked === 'native') return { kind: 'native', reason: 'asked for with --engine native' }
  if (asked === undefined && recorded === 'native')
    return { kind: 'native', reason: 'this stack was begun natively' }
  const docker = await askDocker(env, signal)
  if (docker.kind === 'usable') {
    const versions = `Docker ${docker.engineVersion} with Compose ${docker.composeVersion}`
    return { kind: 'docker', reason: asked ? `asked for with --engine docker: ${versions}` : versions }
  }
  if (asked === 'docker')
    throw new TribError('ENGINE_UNAVAILABLE', `Docker cannot be used: ${docker.reason}`, {
      hint: docker.hint,
    })
  if (recorded === 'docker') {
    throw new TribError(
      'ENGINE_UNAVAILABLE',
      `this stack's data is in Docker volumes, but ${docker.reason}`,
      {
        hint: `${docker.hint}; or begin a second stack: npm run up -- --stack native --engine native`,
      },
    )
  }
  return { kind: 'native', reason: docker.reason }
}

function engineMismatch(asked: EngineKind, recorded: EngineKind): TribError {
  const where = { docker: 'in Docker volumes', native: 'in the native engine' } as const
  return new TribError(
    'ENGINE_MISMATCH',
    `this stack's data is ${where[recorded]}; with --engine ${asked} it would begin with nothing`,
    {
      hint: `go on with it: npm run up; beside it: npm run up -- --stack ${asked} --engine ${asked}; without it: npm run down -- --volumes`,
    },
  )
}
