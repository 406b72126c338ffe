import { parseDurationMs } from './duration.ts'
import { child, type LocatedNode } from './located-node.ts'
import type { Problems } from './problems.ts'
import { isEmpty, isPort, readInteger, readMapping, readText, readTexts } from './read-values.ts'
import type { HealthCheck, Probe } from './topology.ts'

export function readHealthCheck(node: LocatedNode | undefined, problems: Problems): HealthCheck | undefined {
  if (!node || isEmpty(node)) return undefined
  readMapping(node, problems)
  const duration = (key: string, fallbackMs: number) => {
    const value = child(node, key)
    return value ? readDurationMs(value, problems) : fallbackMs
  }
  const test = child(node, 'test')
  const retries = child(node, 'retries')
  if (!test) problems.add(node, 'has no test')
  // What is not given is as in Docker.
  const intervalMs = duration('interval', 30_000)
  return {
    probe: test ? readProbe(test, problems) : noProbe,
    intervalMs,
    timeoutMs: duration('timeout', 30_000),
    retries: retries ? readInteger(retries, problems) : 3,
    startPeriodMs: duration('start_period', 0),
    startIntervalMs: duration('start_interval', 5000),
  }
}

/** A duration of at least a millisecond: 0 means "the default" to Docker, which is not what it says. */
export function readDurationMs(node: LocatedNode, problems: Problems): number {
  const durationMs = parseDurationMs(readText(node, problems))
  if (!durationMs) problems.refuse(node, 'is no duration such as 10s, 1m30s or 500ms')
  return durationMs ?? 0
}

const noProbe: Probe = { kind: 'http', url: '' }

/** Each has a native form; anything else could only run inside a container. */
const possibleTests = [
  '[CMD, pg_isready, -h, HOST, -p, PORT, -U, USER, -d, DATABASE]',
  '[CMD, nc, -z, HOST, PORT]',
  '[CMD, wget, -q, -O, /dev/null, URL]',
  '[CMD, trib-probe, URL]',
]

function readProbe(node: LocatedNode, problems: Problems): Probe {
  const [form, program, ...rest] = node.kind === 'list' ? readTexts(node, problems) : []
  const probe = form === 'CMD' ? parseProbe(program, rest) : undefined
  if (!probe) problems.refuse(node, `has no native form; possible are ${possibleTests.join(', ')}`)
  return probe ?? noProbe
}

const quietDownloads = [
  '-q -O /dev/null',
  '-q -O -',
  '-qO /dev/null',
  '-qO -',
  '-qO-',
  '--spider -q',
  '-q --spider',
]

function parseProbe(program: string | undefined, rest: readonly string[]): Probe | undefined {
  const last = rest.at(-1) ?? ''
  switch (program) {
    case 'pg_isready':
      return parsePostgresProbe(rest)
    case 'nc':
      return rest.length === 3 && rest[0] === '-z' ? tcpProbe(rest[1], last) : undefined
    case 'wget':
      return quietDownloads.includes(rest.slice(0, -1).join(' ')) ? httpProbe(last) : undefined
    case 'trib-probe':
      return rest.length === 1 ? httpProbe(last) : undefined
    default:
      return undefined
  }
}

function parsePostgresProbe(rest: readonly string[]): Probe | undefined {
  const words = rest.filter(word => word !== '-q')
  const options = new Map<string, string>()
  for (let index = 0; index < words.length; index += 2)
    options.set(words[index] ?? '', words[index + 1] ?? '')
  const [host, port, user, database] = ['-h', '-p', '-U', '-d'].map(option => options.get(option))
  if (options.size !== 4 || !host || !user || !database || !isPort(port)) return undefined
  return { kind: 'postgres', host, port: Number(port), user, database }
}

function tcpProbe(host: string | undefined, port: string): Probe | undefined {
  return host && isPort(port) ? { kind: 'tcp', host, port: Number(port) } : undefined
}

function httpProbe(url: string): Probe | undefined {
  return URL.canParse(url) && new URL(url).protocol === 'http:' ? { kind: 'http', url } : undefined
}
