import { kindOf } from '../../plan/connector-kind.ts'
import type { SinkCheck } from '../check.ts'
import { type Examined, isPostgresSink, setKey } from '../subjects/examined.ts'

/** `tributary.one_sink()` lets one session of an application's name write at a time. */
export const sinkNameChecks: readonly SinkCheck[] = [
  {
    id: 'sink-name',
    title: 'no two sinks of a warehouse call themselves the same: of one name only one writes at a time',
    appliesTo: 'sink',
    run: async ({ connector, others }) => {
      const name = applicationOf(connector)
      if (!takesTurns(connector) || name === connector.name) return []
      const same = others.find(
        other => takesTurns(other) && applicationOf(other) === name && placeOf(other) === placeOf(connector),
      )
      if (!same) return []
      const called = name === undefined ? 'has no ApplicationName' : `has the ApplicationName ${name}`
      return [
        {
          object: connector.name,
          severity: 'error',
          message: `connection.url ${called}, as that of ${same.name}: one of them waits for the other, and fails`,
          fix: setKey(connector, 'connection.url', named(connector)),
        },
      ]
    },
  },
]

const key = /([?&])ApplicationName=([^&]*)/

const urlOf = ({ config }: Examined) => config['connection.url'] ?? ''
const placeOf = (sink: Examined) => urlOf(sink).split('?')[0]
/** The key whose SQL asks for the turn. */
export const asks = 'hibernate.agroal.initialSQL'

export const takesTurns = (connector: Examined) =>
  kindOf(connector.config, connector.type).side === 'sink' &&
  isPostgresSink(connector) &&
  (connector.config[asks] ?? '').includes('one_sink')

export function applicationOf(sink: Examined): string | undefined {
  const found = key.exec(urlOf(sink))?.[2]
  return found === undefined ? undefined : decodeURIComponent(found)
}

function named(sink: Examined): string {
  const url = urlOf(sink)
  const pair = `ApplicationName=${encodeURIComponent(sink.name)}`
  if (key.test(url)) return url.replace(key, `$1${pair}`)
  return `${url}${url.includes('?') ? '&' : '?'}${pair}`
}
