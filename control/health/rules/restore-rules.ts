import { named } from '../../output/shell-words.ts'
import { gapMarkBeats, isBeatLog, lostText, restoredText } from '../../pipelines/beat-log.ts'
import { type BeatLoss, beatsOnlyIn } from '../beat-loss.ts'
import { freshnessMs, lagOf, lastBeatMs, type Sight } from '../sight.ts'
import { readOf } from '../unread.ts'
import type { Rule } from './rule.ts'
import { snapshotAnew } from './snapshot-anew.ts'

/** A beat and its entry in the log travel by different topics; one is at most this far ahead of the other. */
const settledMs = 20_000
/** Beats arrive: the source goes on behind the stored offset, and its changes are taken again. */
const arrivingMs = 15_000

/** What nothing else shows: both databases answer, all runs, and one of them is an older copy of itself. */
export const restoreRules: readonly Rule[] = [
  {
    id: 'source-restored',
    hop: 'database',
    find: sight => {
      const logs = logsOf(sight)
      const loss = logs && beatsOnlyIn(logs.landed, logs.source, logs)
      if (!loss) return undefined
      const cause = restoredText(readOf(sight.database)?.place.name ?? '', loss)
      return { state: 'failed', cause, command: wayBack(sight, loss) }
    },
  },
  {
    id: 'changes-lost',
    hop: 'warehouse',
    find: sight => {
      const logs = logsOf(sight)
      const loss = logs && beatsOnlyIn(logs.source, logs.landed, logs)
      if (!loss) return undefined
      return {
        state: 'failed',
        cause: lostText(sight.source?.name ?? '', loss),
        command: `npx trib verify ${named(sight.source?.name, '--repair')}`,
      }
    },
  },
]

function wayBack(sight: Sight, { beats }: BeatLoss): string | undefined {
  const verify = `npx trib verify ${named(sight.source?.name, '--repair')}`
  // The rest of what was agreed to: it began anew, and may be reading its snapshot still, so not once more.
  if (beats <= gapMarkBeats) return `${verify} --yes`
  // Behind the stored offset nothing is taken, and so nothing that verify waits for would arrive.
  const isArriving = (freshnessMs(sight) ?? Number.POSITIVE_INFINITY) < arrivingMs
  return isArriving ? verify : snapshotAnew(sight)
}

/** Both logs, and until when they must agree; undefined: there are none, or some of it may still be on its way. */
function logsOf(sight: Sight) {
  const log = sight.pipeline.tables.find(({ source }) => source && isBeatLog(source))
  const source = readOf(sight.database)?.beatRuns
  const landed = readOf(sight.warehouse)?.beatRuns[log?.target?.table ?? '']
  const beatMs = lastBeatMs(sight)
  if (!log || !source || !landed || beatMs === undefined || lagOf(sight, log) !== 0) return undefined
  return { source, landed, untilMs: beatMs - settledMs }
}
