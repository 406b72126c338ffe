import { setContextCommand } from '../contexts/set-context-command.ts'
import { messageOf, TribError } from '../errors/trib-error.ts'
import { hostPort, parseHostPort } from '../system/host-port.ts'
import { lookAtTls, type TlsSight, unseen } from '../system/look-at-tls.ts'
import { describeTlsFault, isAboutNoTls, type TlsFault, tlsFaultOf } from '../system/tls-fault.ts'
import type { KafkaAccess } from './open-kafka.ts'

/** The failure of a question to the brokers in our words; where TLS may be the reason, one of them is looked at. */
export async function kafkaFailure(
  given: unknown,
  access: KafkaAccess,
  what?: string,
  signal?: AbortSignal,
): Promise<TribError> {
  if (given instanceof TribError) return given
  const error = firstIn(given)
  const fault = tlsFaultOf(error)
  const broker = brokerIn(error) ?? access.brokers[0] ?? ''
  const isLooking = broker !== '' && (fault !== undefined || isCutOff(error))
  const sight = isLooking ? await lookAtTls(parseHostPort(broker), signal) : unseen
  const seen = { ...sight, broker, fault, isCutOff: isCutOff(error), message: messageOf(error), what }
  const { sentence, hint } = describeKafkaFailure(seen, access, nameOf(error))
  return new TribError('KAFKA_FAILED', sentence, { hint, cause: given })
}

interface Seen extends TlsSight {
  /** The one that was spoken to: brokers tell the addresses of the others. */
  readonly broker: string
  readonly fault: TlsFault | undefined
  readonly isCutOff: boolean
  readonly message: string
  readonly what: string | undefined
}

/** Pure: what is known of the failure, as a sentence and the command that helps. */
export function describeKafkaFailure(
  { broker, fault, isReached, certificate, isCutOff, message, what }: Seen,
  access: KafkaAccess,
  name: string,
): { readonly sentence: string; readonly hint: string } {
  const { brokers } = access
  const address = parseHostPort(broker)
  const set = (...options: readonly string[]) => setContextCommand(access.context, ...options)
  const where = `the broker at ${hostPort(address)}`
  const isTls = access.ssl !== undefined && access.ssl !== false
  const hasCertificate = typeof access.ssl === 'object' && access.ssl.cert !== undefined
  // Cut off, as by many; that somebody is there and speaks no TLS is what was seen. A broker that starts anew is nobody.
  const isClear = isReached && certificate === undefined
  const known = fault ?? (isCutOff ? 'cut-off' : undefined)
  if (isTls && known !== undefined && (!isAboutNoTls(known) || isClear)) {
    const hasLogin = access.sasl !== undefined
    const place = { ...address, where, certificate, hasCertificate, hasLogin, message: plain(message) }
    return describeTlsFault(known, place, {
      giveAuthority: set('--kafka-ca', 'FILE'),
      giveCertificate: set('--kafka-cert', 'FILE', '--kafka-key', 'FILE'),
      goTo: host => {
        const others = withHost(brokers, broker, host)
        return others && set('--kafka', others)
      },
      withoutTls: set('--no-kafka-tls'),
    })
  }
  if (!isTls && isCutOff && certificate)
    return { sentence: `${where} speaks TLS, and was spoken to in clear text`, hint: set('--kafka-tls') }
  const login = describeLogin({ where, set, access, message, name, isShutOut: isReached && isCutOff })
  if (login) return login
  const begin = what ?? `the brokers at ${brokers.join(', ') || 'the addresses given'} could not be asked`
  return {
    sentence: `${begin}: ${plain(message)}`,
    hint: access.context === undefined ? 'npx trib status' : 'npx trib config get-contexts',
  }
}

interface Login {
  readonly where: string
  readonly set: (...options: readonly string[]) => string
  readonly access: KafkaAccess
  readonly message: string
  readonly name: string
  /** The broker is there, and ended the connection. */
  readonly isShutOut: boolean
}

function describeLogin({ where, set, access, message, name, isShutOut }: Login) {
  const sasl = access.sasl && 'username' in access.sasl ? access.sasl : undefined
  const unknownMechanism = /mechanism/i.test(message) && /not support|unsupported/i.test(message)
  if (sasl && unknownMechanism) {
    const other = sasl.mechanism === 'scram-sha-512' ? 'scram-sha-256' : 'scram-sha-512'
    return {
      sentence: `${where} does not know the login by ${sasl.mechanism}`,
      hint: set('--kafka-sasl', other),
    }
  }
  if (sasl && (name === 'KafkaJSSASLAuthenticationError' || /SASL .*authentication failed/i.test(message))) {
    return {
      sentence: `${where} does not let the user ${sasl.username} in by ${sasl.mechanism} with the password given`,
      hint: set('--kafka-user', sasl.username, '--kafka-password', 'env:KAFKA_PASSWORD'),
    }
  }
  if (sasl || !isShutOut || access.context === undefined) return undefined
  return {
    sentence: `${where} ends the connection without a word, as one does that wants a login; none is given`,
    hint: set(
      ...['--kafka-sasl', 'scram-sha-512', '--kafka-user', 'USER'],
      ...['--kafka-password', 'env:KAFKA_PASSWORD'],
    ),
  }
}

/** `host:port`, as kafkajs keeps it with a failed connection. */
function brokerIn(error: unknown): string | undefined {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 8; at = at.cause, depth += 1)
    if ('broker' in at && typeof at.broker === 'string' && at.broker.includes(':')) return at.broker
  return undefined
}

/** Of several topics, kafkajs gathers what went wrong with each. */
function firstIn(error: unknown): unknown {
  const all = error instanceof Error && 'errors' in error ? error.errors : undefined
  return (Array.isArray(all) ? all[0] : undefined) ?? error
}

/** The other side ended the connection, without saying why. */
function isCutOff(error: unknown): boolean {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 8; at = at.cause, depth += 1) {
    if (/^KafkaJSConnectionClosedError$/.test(at.name)) return true
    if (/ECONNRESET|EPIPE|Closed connection|socket hang up|disconnected before/.test(at.message)) return true
  }
  return false
}

function nameOf(error: unknown): string {
  let name = ''
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 8; at = at.cause, depth += 1)
    if (at.name !== 'KafkaJSNonRetriableError') name ||= at.name
  return name
}

/** Without what kafkajs puts before the words of the system. */
function plain(message: string): string {
  return message.replace(/^(?:Connection error: )+/, '')
}

/** The brokers of the context, one of them by another host; undefined: that one was told by the others. */
function withHost(brokers: readonly string[], broker: string, host: string): string | undefined {
  const [from, to] = [hostPort(parseHostPort(broker)), hostPort({ ...parseHostPort(broker), host })]
  const all = brokers.map(one => hostPort(parseHostPort(one)))
  return all.includes(from) ? [...new Set(all.map(one => (one === from ? to : one)))].join(',') : undefined
}
