import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { Service } from '../../topology/topology.ts'

/** A program of the machine that a service runs as where it is installed; by image, without its tag. */
interface OptionalProgram {
  /** Its names, in the order in which they are looked for. */
  readonly names: readonly string[]
  readonly install: string
}

const programs: Readonly<Record<string, OptionalProgram>> = {
  'prom/prometheus': {
    names: ['prometheus'],
    install: 'Prometheus is not installed (Debian and Ubuntu: apt-get install prometheus)',
  },
  'prom/alertmanager': {
    // Debian's name first: another program there is called alertmanager.
    names: ['prometheus-alertmanager', 'alertmanager'],
    install: 'Alertmanager is not installed (Debian and Ubuntu: apt-get install prometheus-alertmanager)',
  },
}

/** Services that only Docker can run, and why. */
const onlyOnDocker: Readonly<Record<string, string>> = {
  'grafana/grafana': 'no package registry has Grafana; it runs on Docker',
  'metabase/metabase': 'no package registry has Metabase; it runs on Docker',
}

export const repositoryOf = ({ image }: Pick<Service, 'image'>): string => image.replace(/:[^/:]*$/, '')

/** The path of the program that a service runs as, where it is an optional one and installed. */
export function findOptionalProgram(service: Service, env: NodeJS.ProcessEnv): string | undefined {
  const names = programs[repositoryOf(service)]?.names ?? []
  const folders = (env['PATH'] ?? '').split(delimiter).filter(folder => folder !== '')
  return names.flatMap(name => folders.map(folder => join(folder, name))).find(isExecutable)
}

/** Why a service is not run natively on this machine; undefined where it is. */
export function reasonNotRun(service: Service, env: NodeJS.ProcessEnv): string | undefined {
  const repository = repositoryOf(service)
  const reason = onlyOnDocker[repository]
  if (reason !== undefined) return `not run natively: ${reason}`
  const program = programs[repository]
  if (!program || findOptionalProgram(service, env)) return undefined
  return `not run natively: ${program.install}`
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
