import { readAnswer } from './answers/read-answer.ts'
import type { ConsoleParts } from './console-parts.ts'
import { createCore } from './core.ts'
import { createEventStream } from './server/event-stream.ts'
import { createRoutes } from './server/routes.ts'
import { serve } from './server/serve.ts'
import { createSteering } from './steer/steering.ts'
import { createObserver } from './watch/observer.ts'

/** Longest without a look before `/healthz` says so: every part of one has a deadline of 5 s. */
const stuckAfterMs = 60_000

/** One loop that looks, and everything that lives from it; until the signal aborts, which rejects with its reason. */
export async function runConsole(parts: ConsoleParts): Promise<never> {
  const { clock, log } = parts
  const startedAt = clock.now()
  using stream = createEventStream(() => core.whole())
  const core = createCore(parts, { publish: stream.publish, hurry: () => observer.hurry() })
  await using jobs = core.jobs
  const observer = createObserver({
    ...parts,
    isWatched: () => stream.watchers > 0,
    onObservation: now => {
      core.see(now)
      core.inventory.consider(now, { isWatched: stream.watchers > 0 })
      // Nobody waits for the charts: a warehouse that takes long to answer must not hold up the looks.
      if (stream.watchers > 0) core.answers.consider(now)
    },
  })
  const steering = createSteering({ connect: parts.steer, activity: core.activity, onDone: observer.hurry })
  await using served = await serve({
    ...parts,
    handle: createRoutes({
      ...{ ...parts, stream, steering, hurry: observer.hurry },
      ...{ verifier: core.verifier, observation: core.observation, inventory: core.inventory.last },
      readAnswer: async chart => {
        await using database = await parts.openWarehouse()
        return await readAnswer(database, chart)
      },
      activity: core.activity.entries,
      jobs: jobs.states,
      metrics: () => core.metrics(stream.watchers),
      isWell: () => clock.now() - (core.observation()?.snapshot.atMs ?? startedAt) < stuckAfterMs,
    }),
  })
  parts.onListening?.(served.port)
  log.info('console listens', { url: `http://127.0.0.1:${served.port}`, readOnly: parts.isReadOnly })
  for (const { name } of jobs.states()) jobs.start(name)
  return await observer.run()
}
