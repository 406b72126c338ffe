import type { Database } from '../../control/database/connect.ts'
import { TribError } from '../../control/errors/trib-error.ts'
import { seeded } from '../support/seeded.ts'
import { largeScene, type Scene, type SceneSource, scenes } from './scenes.ts'

interface PlayOptions {
  readonly source: SceneSource
  readonly seed: number
  readonly open: () => Promise<Database>
}

/** Plays scenes against one source until it is ended, whatever happens to that source. */
export interface Play {
  /** Ends after the scene under way; throws where the source refused a scene for what it is. */
  end(): Promise<{ readonly played: number; readonly cut: number }>
}

const perSecond = 8
/** Between two attempts to reach a source that is away. */
const retryMs = 200
/** One scene in so many is the large one, where there is one. */
const largeIn = 300

export function startPlay({ source, seed, open }: PlayOptions): Play {
  const random = seeded(seed)
  const upTo = (limit: number) => 1 + Math.floor(random() * limit)
  let isEnding = false
  let played = 0
  let cut = 0

  const nextScene = (): Scene => {
    const all = scenes[source]
    if (source === 'sites-db' && (played === 5 || upTo(largeIn) === 1)) return largeScene
    return all[upTo(all.length) - 1] as Scene
  }
  const session = async () => {
    await using database = await open()
    await using other = await open()
    while (!isEnding) {
      const scene = nextScene()
      await scene({ database, other, upTo })
      played += 1
      await pass(1000 / perSecond)
    }
  }
  const running = (async () => {
    while (!isEnding)
      await session().catch(async error => {
        // Whatever would not pass by itself speaks of the SQL, not of the weather.
        if (!(error instanceof TribError && error.isRetriable)) throw error
        cut += 1
        await pass(retryMs)
      })
  })()
  // Looked at when it is ended; until then it is nobody's unhandled rejection.
  running.catch(() => {})
  return {
    async end() {
      isEnding = true
      await running
      return { played, cut }
    },
  }
}

const pass = (ms: number) => new Promise<void>(resolve => setTimeout(resolve, ms))
