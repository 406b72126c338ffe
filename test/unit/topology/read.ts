import type { TribError } from '../../../control/errors/trib-error.ts'
import type { Environment } from '../../../control/topology/interpolate.ts'
import { readTopology } from '../../../control/topology/read-topology.ts'
import type { Service, Topology } from '../../../control/topology/topology.ts'

interface ReadOptions {
  readonly environment?: Environment
  readonly profiles?: readonly string[]
}

export function read(text: string, { environment = {}, profiles = [] }: ReadOptions = {}): Topology {
  return readTopology({ text, file: 'docker-compose.yml', environment, profiles })
}

/** A file with a volume, `data`, and one service, `web`, that has these lines; the first of them is line 5. */
export function withService(lines: string): string {
  return `name: demo\nservices:\n  web:\n    image: demo/web:1\n${indent(lines, 4)}\nvolumes: { data: }\n`
}

export function readWeb(lines: string, environment: Environment = {}): Service {
  const service = read(withService(lines), { environment }).services[0]
  if (!service) throw new Error('there is no service')
  return service
}

/** The sentence and the hint of the error that reading ends with. */
export function refusal(
  text: string,
  options: ReadOptions = {},
): { message: string; hint: string | undefined } {
  try {
    read(text, options)
  } catch (error) {
    const { code, message, hint } = error as TribError
    return code === 'COMPOSE_INVALID' ? { message, hint } : { message: `${code}: ${message}`, hint }
  }
  throw new Error('the file was read without an error')
}

/** The sentence alone, for a service with these lines. */
export function webRefusal(lines: string, environment: Environment = {}): string {
  return refusal(withService(lines), { environment }).message
}

function indent(lines: string, spaces: number): string {
  return lines
    .split('\n')
    .map(line => ' '.repeat(spaces) + line)
    .join('\n')
}
