import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import * as z from 'zod'
import { root } from '../support/trib.ts'

/** Functions and words of PromQL that could be taken for the name of a metric. */
const words = new Set(
  'sum max min avg count rate increase absent by on without and or unless ignoring group_left group_right'.split(
    ' ',
  ),
)

/** The names of the metrics that a query reads; labels, their values and ranges left out. */
export function metricsIn(query: string): readonly string[] {
  const bare = query
    .replace(/\{[^}]*\}|"[^"]*"|\[[^\]]*\]/g, ' ')
    .replace(/\b(by|on|without|ignoring|group_left|group_right)\s*\([^)]*\)/g, ' ')
  return [...new Set(bare.match(/[a-z_][a-z0-9_:]*/gi) ?? [])].filter(name => !words.has(name))
}

const agentSchema = z.object({ rules: z.array(z.object({ name: z.string() })) })

/** The names that the settings of the agents in brokers and workers give. */
export function agentMetrics(): readonly string[] {
  return ['kafka.yml', 'connect.yml'].flatMap(name => {
    const text = readFileSync(join(root, 'analytics', 'observe', 'jmx', name), 'utf8')
    return agentSchema.parse(parse(text)).rules.map(rule => rule.name)
  })
}

/** What somebody of ours tells Prometheus: the console's page of metrics, the agents, and what these bring along. */
export function knownMetrics(): ReadonlySet<string> {
  const page = readFileSync(join(root, 'control', 'console', 'METRICS.md'), 'utf8')
  const console = [...page.matchAll(/^\| `(\w+)` \|/gm)].flatMap(([, name = '']) => name)
  // `up` is Prometheus' own; the agent tells the JVM's memory without being asked.
  return new Set([...console, ...agentMetrics(), 'up', 'jvm_memory_used_bytes'])
}
