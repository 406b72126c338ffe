import type { ServerResponse } from 'node:http'
import { TribError } from '../../errors/trib-error.ts'
import type { Chart } from '../../scenarios/scenario.ts'
import { formatCsv } from '../answers/format-csv.ts'
import type { AskedReports } from '../console-parts.ts'
import type { Inventory } from '../inventory/inventory.ts'
import type { ActivityEntry, AnswerRow, JobState, VerifyState } from '../messages.ts'
import { type Steering, type Verb, verbs } from '../steer/steering.ts'
import type { Verifier } from '../steer/verifier.ts'
import type { Observation } from '../watch/observation.ts'
import { type Answer, jsonAnswer, noStore } from './answer.ts'
import type { Assets } from './assets.ts'
import type { EventStream } from './event-stream.ts'
import * as reports from './reports.ts'
import type { Handle, Request } from './serve.ts'

export interface RouteParts {
  readonly assets: Assets
  readonly stream: Pick<EventStream, 'join'>
  readonly steering: Steering
  readonly verifier: Verifier
  readonly charts: readonly Chart[]
  /** undefined: nothing was seen yet. */
  readonly observation: () => Observation | undefined
  readonly ask: AskedReports
  readonly inventory: () => Inventory | undefined
  /** Asks the warehouse now. */
  readonly readAnswer: (chart: Chart) => Promise<readonly AnswerRow[]>
  readonly activity: () => readonly ActivityEntry[]
  readonly jobs: () => readonly JobState[]
  readonly metrics: () => string
  readonly isWell: () => boolean
  readonly toPaste: (text: string) => string
  /** Takes passwords out of whatever leaves the process. */
  readonly mask: (text: string) => string
  /** Somebody came or something was done. */
  readonly hurry: () => void
}

/** Which question is answered by what; every path that there is stands here. */
export function createRoutes(parts: RouteParts): Handle {
  return async (request, response) => {
    const answer = await (request.method === 'POST' ? change(request, parts) : show(request, response, parts))
    if (answer === 'streaming') return undefined
    if (!answer) return jsonAnswer({ error: `there is no ${request.method} ${request.path}` }, 404)
    return typeof answer.body === 'string' ? { ...answer, body: parts.mask(answer.body) } : answer
  }
}

async function show(
  request: Request,
  response: ServerResponse,
  parts: RouteParts,
): Promise<Answer | 'streaming' | undefined> {
  const { path } = request
  if (path === '/healthz') return healthz(parts)
  if (path === '/metrics')
    return { headers: { ...noStore, 'content-type': 'text/plain; version=0.0.4' }, body: parts.metrics() }
  if (path === '/api/events') {
    parts.stream.join(response)
    parts.hurry()
    return 'streaming'
  }
  if (path === '/api/activity') return jsonAnswer(parts.activity())
  if (path === '/api/verify') return jsonAnswer(verifyDocument(parts.verifier.state()))
  if (path === '/api/jobs') return jsonAnswer(parts.jobs())
  if (path === '/api/status') return jsonAnswer(await parts.ask.status())
  if (path === '/api/doctor') return jsonAnswer(await parts.ask.doctor())
  if (path.startsWith('/api/questions')) return question(request, parts)
  if (path.startsWith('/api/')) return report(request, parts)
  return parts.assets.answer(request)
}

/** 200 as long as it looks: what it sees may be as bad as it likes. */
function healthz({ isWell, observation }: RouteParts): Answer {
  const lookedAt = observation()?.snapshot.atMs
  const facts = { lookedAt: lookedAt === undefined ? null : new Date(lookedAt).toISOString() }
  return isWell() ? jsonAnswer({ state: 'looking', ...facts }) : jsonAnswer({ state: 'stuck', ...facts }, 503)
}

/** The documents of `trib health`, `get`, `describe pipeline` and `top`. */
function report({ path }: Request, { observation, inventory, toPaste }: RouteParts): Answer | undefined {
  const [, , kind = '', name, ...more] = path.split('/').map(part => decode(part))
  if (more.length > 0) return undefined
  // Whatever every object has (`constructor`) is no report.
  const make = Object.hasOwn(reports.documents, kind) ? reports.documents[kind] : undefined
  if (!make) return undefined
  const document = make({ seen: observation(), inventory: inventory(), toPaste })
  if (!document) return jsonAnswer({ error: 'nothing was looked at yet' }, 503)
  if (name === undefined) return jsonAnswer(document)
  const one = Array.isArray(document) ? document.find(item => item.name === name) : undefined
  return one && jsonAnswer(one)
}

/** What `trib verify -o json` prints, of the last time; with what goes on. */
function verifyDocument({ report: last, finishedAtMs, ...now }: VerifyState) {
  const tables = last?.tables.map(({ exit: _exit, ...table }) => table)
  return {
    ...{ isRunning: now.isRunning, progress: now.progress, problem: now.problem },
    finishedAt: finishedAtMs === null ? null : new Date(finishedAtMs).toISOString(),
    report: last && { ...last, tables },
  }
}

async function question(
  { path, query }: Request,
  { charts, readAnswer }: RouteParts,
): Promise<Answer | undefined> {
  if (path === '/api/questions') return jsonAnswer(charts.map(chart => chart.question))
  const [, name = '', csv] = /^\/api\/questions\/([^/]+?)(\.csv)?$/.exec(path) ?? []
  const chart = charts.find(one => one.question === decode(name))
  if (!chart) return undefined
  const rows = await readAnswer(chart)
  const { bars, line } = chart
  if (csv === undefined)
    return jsonAnswer(rows.map(([week, one, all]) => ({ week, [bars.column]: one, [line.column]: all })))
  return {
    headers: {
      ...noStore,
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="${chart.question}.csv"`,
    },
    body: formatCsv(rows, chart, { from: query.get('from'), to: query.get('to') }),
  }
}

async function change(request: Request, { steering, verifier }: RouteParts): Promise<Answer | undefined> {
  if (request.path === '/api/verify') {
    verifier.start()
    return jsonAnswer({ isRunning: true }, 202)
  }
  const [, connectors, name, verb] = /^\/api\/(connectors)\/([^/]+)\/([a-z]+)$/.exec(request.path) ?? []
  if (connectors === undefined || name === undefined || !isVerb(verb)) return undefined
  await steering.steer(decode(name), verb, await request.json())
  return jsonAnswer({ done: true })
}

function isVerb(verb: string | undefined): verb is Verb {
  return verbs.some(one => one === verb)
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch (cause) {
    throw new TribError('USAGE', `'${part}' is no part of an address`, { cause })
  }
}
