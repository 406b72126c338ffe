import { afterAll, expect, it } from 'vitest'
import { describeKafkaFailure, kafkaFailure } from '../../../control/kafka/kafka-failure.ts'
import type { KafkaAccess } from '../../../control/kafka/open-kafka.ts'
import { tlsFaultOf } from '../../../control/system/tls-fault.ts'
import { hostileTexts } from '../../support/hostile-texts.ts'
import { listening } from '../../support/listening.ts'
import { openPasting } from '../../support/paste.ts'

const pasting = openPasting({ others: ['openssl'] })
afterAll(() => pasting[Symbol.dispose]())

const certificate = {
  ...{ names: ['kafka.example.org', '10.0.0.1'], issuer: 'Our CA' },
  ...{ validFrom: new Date('2026-01-01'), validTo: new Date('2026-11-20T10:00:00Z') },
}
const clear: KafkaAccess = { brokers: ['k:9093', 'l:9093'], context: 'prod' }
const tls: KafkaAccess = { ...clear, ssl: {} }
const sasl: KafkaAccess = {
  ...tls,
  sasl: { mechanism: 'scram-sha-512', username: 'ann', password: 'hunter2' },
}

/** What kafkajs gives: the reason behind the number of tries. */
function kafkaError(message: string, { name = 'KafkaJSConnectionError', code = '' } = {}) {
  const reason = Object.assign(new Error(`Connection error: ${message}`), { name, code })
  return new Error(reason.message, { cause: reason })
}

function describe(
  error: Error,
  access: KafkaAccess,
  seen: typeof certificate | 'none' = certificate,
  broker = access.brokers[0] ?? '',
) {
  const isCutOff = /Closed|ECONNRESET|disconnected before/.test(error.message)
  const cause = error.cause as Error
  const shown = seen === 'none' ? undefined : seen
  const sight = { broker, isReached: true, certificate: shown }
  const found = { ...sight, fault: tlsFaultOf(error), isCutOff, what: undefined }
  const { sentence, hint } = describeKafkaFailure({ ...found, message: error.message }, access, cause.name)
  return [sentence, hint.replace('npx trib config set-context prod ', '')]
}

const dates = 'openssl s_client -connect k:9093 </dev/null | openssl x509 -noout -subject -dates'

it.each([
  [
    kafkaError('certificate has expired', { code: 'CERT_HAS_EXPIRED' }),
    tls,
    'the broker at k:9093 shows a certificate that ended on 2026-11-20',
    dates,
  ],
  [
    kafkaError('certificate is not yet valid', { code: 'CERT_NOT_YET_VALID' }),
    tls,
    'the broker at k:9093 shows a certificate that is not valid yet, but from 2026-01-01',
    dates,
  ],
  [
    kafkaError("Hostname/IP does not match certificate's altnames", { code: 'ERR_TLS_CERT_ALTNAME_INVALID' }),
    tls,
    'the broker at k:9093 shows a certificate for kafka.example.org, 10.0.0.1, not for k',
    '--kafka kafka.example.org:9093,l:9093',
  ],
  [
    kafkaError('unable to verify the first certificate', { code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' }),
    tls,
    'the broker at k:9093 shows a certificate that is not trusted here, signed by Our CA: unable to verify the first certificate',
    '--kafka-ca FILE',
  ],
  [
    kafkaError('…:tlsv13 alert certificate required:…'),
    tls,
    'the broker at k:9093 wants a certificate from this machine, and none is given',
    '--kafka-cert FILE --kafka-key FILE',
  ],
  [
    kafkaError('tlsv1 alert unknown ca'),
    { ...clear, ssl: { cert: 'x' } },
    'the broker at k:9093 does not trust the certificate that this machine shows ("unknown ca")',
    '--kafka-cert FILE --kafka-key FILE',
  ],
  [
    kafkaError('SASL SCRAM SHA512 authentication failed', { name: 'KafkaJSSASLAuthenticationError' }),
    sasl,
    'the broker at k:9093 does not let the user ann in by scram-sha-512 with the password given',
    '--kafka-user ann --kafka-password env:KAFKA_PASSWORD',
  ],
  [
    kafkaError('The broker does not support the requested SASL mechanism'),
    sasl,
    'the broker at k:9093 does not know the login by scram-sha-512',
    '--kafka-sasl scram-sha-256',
  ],
  [
    kafkaError('Closed connection'),
    clear,
    'the broker at k:9093 speaks TLS, and was spoken to in clear text',
    '--kafka-tls',
  ],
  [
    kafkaError('Closed connection'),
    tls,
    'the broker at k:9093 ends the connection without a word, as one does that wants a login; none is given',
    '--kafka-sasl scram-sha-512 --kafka-user USER --kafka-password env:KAFKA_PASSWORD',
  ],
  [
    kafkaError('connect ECONNREFUSED 127.0.0.1:9093', { code: 'ECONNREFUSED' }),
    clear,
    'the brokers at k:9093, l:9093 could not be asked: connect ECONNREFUSED 127.0.0.1:9093',
    'npx trib config get-contexts',
  ],
])('%s is told with what was seen, and the way out', (error, access, sentence, hint) => {
  expect(describe(error, access)).toEqual([sentence, hint])
})

it.each([
  'Client network socket disconnected before secure TLS connection was established',
  'read ECONNRESET',
  '…:ssl3_get_record:wrong version number:…',
])('where no TLS is spoken, "%s" says so', message => {
  expect(describe(kafkaError(message), tls, 'none')).toEqual([
    'the broker at k:9093 speaks no TLS',
    '--no-kafka-tls',
  ])
})

it('in the local stack, what is down is looked at by its status', () => {
  expect(
    describe(kafkaError('connect ECONNREFUSED 127.0.0.1:9093'), { brokers: ['127.0.0.1:9093'] }),
  ).toEqual([
    'the brokers at 127.0.0.1:9093 could not be asked: connect ECONNREFUSED 127.0.0.1:9093',
    'npx trib status',
  ])
})

it.each(['$ConnectionString', '$(touch owned)', "o'hara"])('the user %s is pasted as it is', username => {
  const access: KafkaAccess = { ...tls, sasl: { mechanism: 'plain', username, password: 'hunter2' } }
  const refused = kafkaError('SASL PLAIN authentication failed', { name: 'KafkaJSSASLAuthenticationError' })

  const [, hint = ''] = describe(refused, access)

  expect(pasting.paste(`npx trib config set-context prod ${hint}`)).toEqual([
    ['npx', 'trib', 'config', 'set-context', 'prod']
      .concat('--kafka-user', username)
      .concat('--kafka-password', 'env:KAFKA_PASSWORD'),
  ])
})

const otherHost = kafkaError("Hostname/IP does not match certificate's altnames", {
  code: 'ERR_TLS_CERT_ALTNAME_INVALID',
})
const look = [
  ['openssl', 's_client', '-connect', 'k:9093'],
  ['openssl', 'x509', '-noout', '-subject', '-dates'],
]

it.each(hostileTexts.filter(text => !/^[\w.]+$/.test(text)))(
  'a certificate for %j steers no line that is pasted',
  name => {
    const [, hint = ''] = describe(otherHost, tls, {
      ...certificate,
      names: [name, `*.${name}`, `${name}:1`],
    })

    // Both ends of a pipe write down their calls, in any order.
    expect(pasting.paste(hint).toSorted()).toEqual(look)
  },
)

it.each([
  [['$(touch owned)', '*.example.org', 'kafka.example.org'], 'kafka.example.org:9093,l:9093'],
  [['2001:db8:0:0:0:0:0:1'], '[2001:db8:0:0:0:0:0:1]:9093,l:9093'],
])('of the names %j, the first that can be a host is pasted', (names, brokers) => {
  const [, hint = ''] = describe(otherHost, tls, { ...certificate, names })

  expect(pasting.paste(`npx ${hint}`)).toEqual([['npx', '--kafka', brokers]])
})

it('a certificate for any host of a domain leaves the name to whoever knows it', () => {
  const [sentence, hint] = describe(otherHost, tls, { ...certificate, names: ['*.example.org'] })

  expect(sentence).toBe('the broker at k:9093 shows a certificate for *.example.org, not for k')
  expect(hint).toBe('reach it by a name that fits: --kafka NAME.example.org:9093,l:9093')
})

it('a broker that only the others named is not one of the context', () => {
  const [sentence, hint] = describe(otherHost, tls, certificate, '::1:9094')

  expect(sentence).toBe(
    'the broker at [::1]:9094 shows a certificate for kafka.example.org, 10.0.0.1, not for ::1',
  )
  expect(hint).toBe(dates.replace('k:9093', "'[::1]:9094'"))
})

it('a connection that is cut switches TLS off for no password', () => {
  const cut = 'Client network socket disconnected before secure TLS connection was established'

  expect(describe(kafkaError(cut), sasl, 'none')).toEqual([
    'the broker at k:9093 ended the connection in the middle of the TLS handshake',
    'openssl s_client -connect k:9093 </dev/null',
  ])
})

it('after ^C no broker is looked at', async () => {
  await using silent = await listening(() => {})
  const brokers = [`127.0.0.1:${silent.address.port}`]

  const failure = await kafkaFailure(kafkaError('Closed connection'), { brokers }, 'x', AbortSignal.abort())

  expect(failure.message).toBe('x: Closed connection')
  expect(silent.connections()).toBe(0)
})
