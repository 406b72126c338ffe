import type { HealthState, PipelineReport } from '../health/report.ts'
import { readOf } from '../health/unread.ts'
import type { Note } from './activity.ts'
import type { Severity } from './messages.ts'
import type { Observation } from './watch/observation.ts'

const severities: Readonly<Record<HealthState, Severity>> = {
  ok: 'info',
  unknown: 'warn',
  degraded: 'warn',
  failed: 'error',
}

/** Pipelines that are not judged yet, at either look. */
export interface Newcomers {
  readonly before: ReadonlySet<string>
  readonly now: ReadonlySet<string>
}

/** Pure: what a person would want to have been told between two looks. Figures that move are no news. */
export function noticeChanges(
  before: Observation | undefined,
  now: Observation,
  { before: newBefore, now: newNow }: Newcomers = { before: new Set(), now: new Set() },
): readonly Note[] {
  return [
    ...clusterNotes(before, now),
    ...now.report.pipelines
      .filter(({ name }) => !newNow.has(name))
      .flatMap(pipeline =>
        pipelineNotes(
          before?.report.pipelines.find(({ name }) => name === pipeline.name && !newBefore.has(name)),
          pipeline,
        ),
      ),
    ...connectorNotes(before, now),
    ...brokerNotes(before, now),
  ]
}

/** Only where no pipeline could be seen: else each says it for itself. */
function clusterNotes(before: Observation | undefined, { report }: Observation): readonly Note[] {
  const wasBlind = before !== undefined && before.report.pipelines.length === 0
  if (report.pipelines.length > 0) {
    const count = report.pipelines.length
    return wasBlind ? [note('info', 'console', `sees ${count} pipeline${count === 1 ? '' : 's'}`)] : []
  }
  if (wasBlind && before.report.state === report.state && isSameKind(before.report.cause, report.cause))
    return []
  // What was never there is waited for; what was there and is gone is bad news.
  const severity = before === undefined || wasBlind ? 'info' : severities[report.state]
  return [note(severity, 'console', report.cause ?? 'no pipeline can be seen', report.command)]
}

/** `no answer within 5 s` and `nothing listens there` are two sentences for one thing. */
function isSameKind(one: string | null, other: string | null): boolean {
  return one?.split(/[:,;]/)[0] === other?.split(/[:,;]/)[0]
}

function pipelineNotes(before: PipelineReport | undefined, now: PipelineReport): readonly Note[] {
  const { name, state, cause, command, rule } = now
  const wasOk = before === undefined || before.state === 'ok'
  if (state === 'ok') return wasOk ? [] : [note('info', name, 'is well again')]
  if (before?.state === state && before.rule === rule) return []
  return [note(severities[state], name, `is ${state}: ${cause}`, command)]
}

function connectorNotes(before: Observation | undefined, now: Observation): readonly Note[] {
  const [then, live] = [before, now].map(one => one && readOf(one.snapshot.connectors))
  if (!then || !live) return []
  const known = new Map(then.map(connector => [connector.name, connector]))
  const changed = live.flatMap(({ name, state }) => {
    const earlier = known.get(name)
    if (!earlier) return [note('info', name, 'was deployed')]
    return earlier.state === state ? [] : [note('info', name, `went from ${earlier.state} to ${state}`)]
  })
  const left = new Set(live.map(({ name }) => name))
  return [
    ...changed,
    ...then.filter(({ name }) => !left.has(name)).map(({ name }) => note('warn', name, 'was deleted')),
  ]
}

function brokerNotes(before: Observation | undefined, { brokers }: Observation): readonly Note[] {
  return brokers.flatMap(({ name, address, isUp }) => {
    const wasUp = before?.brokers.find(broker => broker.name === name)?.isUp
    if (wasUp === undefined || wasUp === isUp) return []
    return isUp
      ? [note('info', name, 'takes connections')]
      : [note('error', name, `takes no connections at ${address}`)]
  })
}

function note(severity: Severity, subject: string, text: string, command: string | null = null): Note {
  return { severity, subject, text, command }
}
