import { TribError } from '../errors/trib-error.ts'
import { isPortFree, listenerOf } from '../system/ports.ts'
import type { Topology } from '../topology/topology.ts'

/** Every port that a service which does not run yet would listen on must be free; all that are not are told at once. */
export async function checkPorts(
  topology: Topology,
  settings: ReadonlyMap<string, string>,
  isRunning: (service: string) => boolean,
): Promise<void> {
  const problems: string[] = []
  let example = ''
  for (const [variable, value] of settings) {
    const service = variable.endsWith('_PORT') ? ownerOf(variable, topology) : undefined
    if (service === undefined || topology.inactive.includes(service) || isRunning(service)) continue
    const port = Number(value)
    if (!isPort(port))
      throw new TribError('USAGE', `${variable}=${value} is no port: a whole number from 1 to 65535`, {
        hint: 'mend it in .env',
      })
    if (await isPortFree(port)) continue
    problems.push(
      `port ${port}, which ${service} needs, is in use by ${listenerOf(port) ?? 'another program'}`,
    )
    example ||= `${variable}=${port + 1_000}`
  }
  if (problems.length === 0) return
  throw new TribError('PORT_IN_USE', problems.join('\n'), {
    hint: `end that program, or put another port into .env (${example}); a stack of another name finds free ports by itself: npm run up -- --stack second`,
  })
}

/** KAFKA_1_CONTROLLER_PORT belongs to kafka-1: the service with the longest name that fits. */
function ownerOf(variable: string, { services, inactive }: Topology): string | undefined {
  const names = [...services.map(({ name }) => name), ...inactive]
  const fits = (name: string) => variable.startsWith(`${name.toUpperCase().replaceAll('-', '_')}_`)
  return names.filter(fits).sort((a, b) => b.length - a.length)[0]
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 1 && port <= 65_535
}
