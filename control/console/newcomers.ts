import type { HealthReport } from '../health/report.ts'

/** A source needs some seconds for its first task, its slot and its first heartbeat; on a busy machine 15. */
const graceMs = 20_000

/** Pipelines that were deployed a moment ago and never were well yet: what they still lack is no news. */
export function createNewcomers(): (report: HealthReport, atMs: number) => ReadonlySet<string> {
  const firstSeenMs = new Map<string, number>()
  const grownUp = new Set<string>()
  return ({ pipelines }, atMs) => {
    const names = new Set(pipelines.map(({ name }) => name))
    for (const name of [...firstSeenMs.keys()]) {
      if (names.has(name)) continue
      // Deployed again, it is new again.
      firstSeenMs.delete(name)
      grownUp.delete(name)
    }
    for (const { name, state } of pipelines) {
      const since = firstSeenMs.get(name) ?? atMs
      firstSeenMs.set(name, since)
      if (state === 'ok' || atMs - since > graceMs) grownUp.add(name)
    }
    return new Set([...names].filter(name => !grownUp.has(name)))
  }
}
