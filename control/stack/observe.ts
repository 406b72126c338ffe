import { chmodSync, copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import * as z from 'zod'
import type { EngineKind } from '../engines/engine.ts'
import { TribError } from '../errors/trib-error.ts'
import { interpolate } from '../topology/interpolate.ts'
import type { Topology } from '../topology/topology.ts'
import type { Stack } from './stack.ts'

/** The profile that brings Prometheus, Alertmanager and Grafana. */
export const observeProfile = 'observe'

const folderOf = (stack: Stack) => join(stack.folder, 'observe')

interface ObserveOptions {
  readonly engine: EngineKind
  readonly profiles: readonly string[]
}

/** What the profile sets: agents in brokers and workers, and where Prometheus and Alertmanager find their files. */
export function observeEnvironment(
  stack: Stack,
  { engine, profiles }: ObserveOptions,
): Readonly<Record<string, string>> {
  const isNative = engine === 'native'
  return {
    OBSERVE_FOLDER: `.tributary/${stack.name}/observe`,
    ...(isNative ? { OBSERVE_CONFIG: folderOf(stack) } : {}),
    // Natively relative to the folder of each service: a path with a space would be two options to Java.
    JMX_FOLDER: profiles.includes(observeProfile) ? (isNative ? 'jmx' : '/opt/tributary/jmx') : '',
  }
}

/** Writes the files that Prometheus and Alertmanager of this stack read; each stack has its own ports. */
export function writeObserveFiles(stack: Stack, topology: Topology): void {
  const prometheus = topology.services.find(({ name }) => name === 'prometheus')
  if (!prometheus) return
  const from = join(stack.root, 'analytics', 'observe')
  const to = folderOf(stack)
  rmSync(to, { recursive: true, force: true })
  mkdirSync(to, { recursive: true })
  const template = readFileSync(join(from, 'prometheus.yml'), 'utf8')
  writeFileSync(join(to, 'prometheus.yml'), fillTargets(template, prometheus.environment, topology))
  for (const name of ['rules.yml', 'alertmanager.yml']) copyFileSync(join(from, name), join(to, name))
  // Containers read them as a user of their own, whatever our umask is; no secret is among them.
  for (const name of readdirSync(to)) chmodSync(join(to, name), 0o644)
  chmodSync(to, 0o755)
}

const targetsSchema = z.strictObject({
  targets: z.array(z.string()),
  labels: z.looseObject({ service: z.string() }),
})

const configSchema = z.strictObject({
  global: z.unknown(),
  rule_files: z.unknown(),
  alerting: z.unknown(),
  scrape_configs: z.array(z.looseObject({ job_name: z.string(), static_configs: z.array(targetsSchema) })),
})

/** The template with its variables filled in, without targets whose service does not run: they would look broken. */
export function fillTargets(
  template: string,
  environment: Readonly<Record<string, string>>,
  { services }: Pick<Topology, 'services'>,
): string {
  // Comments may speak of variables.
  const filled = interpolate(template.replace(/^\s*#.*\n/gm, ''), environment)
  if (filled.kind !== 'value')
    throw new TribError(
      'COMPOSE_INVALID',
      `analytics/observe/prometheus.yml cannot be filled: ${reasonOf(filled)}`,
      {
        hint: 'give the variable to the service prometheus in docker-compose.yml',
      },
    )
  const config = configSchema.parse(parse(filled.value))
  const names = services.map(({ name }) => name)
  const runs = ({ labels }: { readonly labels: { readonly service: string } }) =>
    names.includes(labels.service)
  const scraped = config.scrape_configs.map(job => ({
    ...job,
    static_configs: job.static_configs.filter(runs),
  }))
  const used = scraped.filter(job => job.static_configs.length > 0)
  return `# Written by trib from analytics/observe/prometheus.yml; a change here is lost.\n${stringify({ ...config, scrape_configs: used })}`
}

function reasonOf(filled: Exclude<ReturnType<typeof interpolate>, { kind: 'value' }>): string {
  return filled.kind === 'invalid'
    ? filled.reason
    : `${filled.variables.map(({ name }) => name).join(', ')} is not set`
}
