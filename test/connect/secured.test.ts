import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { writeStrimziTopic } from '../../control/declared/write-strimzi.ts'
import { openSecuredCluster, type SecuredCluster } from '../support/secured/open-secured-cluster.ts'
import {
  behindGate,
  byCertificate,
  type Changes,
  openSecuredTerminal,
  type SecuredTerminal,
  writeManifests,
} from '../support/secured/terminal.ts'

let cluster: SecuredCluster
let at: SecuredTerminal

beforeAll(async () => {
  cluster = await openSecuredCluster()
  at = openSecuredTerminal(cluster)
  await at.name('all')
  await at.name('token', behindGate(cluster.gate.url))
  await at.name('password', { ...behindGate(cluster.worker.clearUrl), ...byPassword })
  await at.name('certificate', byCertificate(cluster))
  const folder = writeManifests(at, cluster)
  const applied = await at.trib(`apply -c all -f ${folder} --wait`)
  if (applied.code !== 0) throw new Error(`${applied.stderr}\n${cluster.worker.process.log()}`)
  await using source = await cluster.postgres.open('community_db')
  await source.query(
    `insert into "CommunityUsers" (email, username, registration_timestamp)
     select 'u' || n, 'u' || n, now() from generate_series(1, 100) n`,
  )
})
afterAll(async () => {
  at?.[Symbol.dispose]()
  await cluster?.[Symbol.asyncDispose]()
})

const byPassword = {
  ...{ 'connect-user': 'operator', 'connect-password': 'env:REST_PASSWORD', 'connect-token': '' },
}

describe('a cluster with TLS and logins', () => {
  test.each([
    ['a certificate and a password', 'all'],
    ['a token, which a proxy before it demands', 'token'],
    ['a password', 'password'],
  ])('is asked by %s', async (_, context) => {
    const { stdout, stderr } = await at.trib(`get connectors -c ${context} -o name`)

    expect([stdout, stderr]).toEqual(['community-source\nwarehouse-sink\n', ''])
  })

  test.each([
    ['a login by SCRAM', 'all'],
    ['a certificate', 'certificate'],
  ])('is well, by the word of its brokers, asked with %s', async (_, context) => {
    const { code, stdout } = await at.trib(`health -c ${context}`)

    expect([code, stdout]).toEqual([0, expect.any(String)])
  })

  test('has a warehouse that is right', async () => {
    const { code, stdout, stderr } = await at.trib('verify -c all -o json')

    expect(stderr).toBe('')
    expect(code).toBe(0)
    const { equal, tables } = JSON.parse(stdout)
    expect([equal, tables.map(({ rows }: { rows: number }) => rows)]).toEqual([true, [100]])
  })

  test('has all that the doctor looks for, and is looked at in every part', async () => {
    const { code, stdout } = await at.trib('doctor -c all -o json')

    const findings: { check: string; severity: string }[] = JSON.parse(stdout)
    expect(findings.filter(({ check, severity }) => check === 'reachable' || severity === 'error')).toEqual(
      [],
    )
    expect([0, 5]).toContain(code)
  })

  test('shows no secret of a connector', async () => {
    const { stdout } = await at.trib('describe community-source -c all -o json')

    expect(stdout).toContain('password=\\"${env:COMMUNITY_DB_KAFKA_PASSWORD}\\"')
    expect(stdout).not.toContain('source-secret')
  })
})

describe('what is exported for Strimzi', () => {
  const exported = () => join(at.terminal.folder, 'exported')

  test('is every connector with its topics, and reads back as no change', async () => {
    const { code, stdout, stderr } = await at.trib(`export -c all --strimzi --to ${exported()}`)

    expect(stdout.replaceAll(exported(), '')).toBe(
      '/community-source.yaml\n/warehouse-sink.yaml\n/topics.yaml\n',
    )
    expect(stderr).toContain(
      'your KafkaConnect needs the config providers directory, env, and in its environment COMMUNITY_DB_',
    )
    expect(code).toBe(0)
    const diff = await at.trib(`diff -c all -f ${exported()}`)
    expect([diff.stdout, diff.code]).toEqual(['7 unchanged\n', 0])
  })

  test('is applied where a setting of a topic differs, and then differs no more', async () => {
    change(/retention.ms: "604800000"/, 'retention.ms: "700000000"')

    const diff = await at.trib(`diff -c all -f ${exported()}`)
    const applied = await at.trib(`apply -c all -f ${exported()}`)
    const again = await at.trib(`diff -c all -f ${exported()}`)

    expect([diff.stdout, diff.code]).toEqual([
      '~ configure  topic community-db.public.CommunityUsers  safe\n    retention.ms: 604800000 → 700000000\n6 unchanged\n',
      3,
    ])
    expect([applied.code, applied.stdout]).toEqual([
      0,
      expect.stringContaining('configured     topic community-db.public.CommunityUsers\n'),
    ])
    expect([again.stdout, again.code]).toEqual(['7 unchanged\n', 0])
  })

  test('never gets a topic other partitions', async () => {
    change(/partitions: 1/, 'partitions: 2')

    const { code, stderr } = await at.trib(`apply -c all -f ${exported()}`)

    expect(stderr).toContain(
      `KAFKA_FAILED: the topic __debezium-heartbeat.community-db has 1 partition, and 2 are declared\n  → kafka-topics.sh --bootstrap-server ${cluster.broker.scram} --alter --topic __debezium-heartbeat.community-db --partitions 2\n`,
    )
    expect(code).toBe(1)
  })

  test('says of a topic that the brokers refuse why, and goes on with the others', async () => {
    const path = at.terminal.write(
      'wide.yaml',
      ['wide', 'narrow']
        .map(name =>
          writeStrimziTopic({ name, partitions: 1, replicas: name === 'wide' ? 3 : 1, config: {} }),
        )
        .join('---\n'),
    )

    const { code, stdout, stderr } = await at.trib(`apply -c all -f ${path}`)

    expect(stderr).toContain(
      'KAFKA_FAILED: the topic wide could not be created: Replication-factor is invalid',
    )
    expect([code, stdout]).toEqual([1, 'failed         topic wide\ncreated        topic narrow\n'])
  })

  function change(from: RegExp, to: string): void {
    const path = join(exported(), 'topics.yaml')
    writeFileSync(path, readFileSync(path, 'utf8').replace(from, to))
  }
})

const refusedByConnect: Record<string, () => [Changes, string]> = {
  'no authority': () => [
    { 'connect-ca': '' },
    'CONNECT_FAILED: https://worker shows a certificate that is not trusted here, signed by our-ca: unable to verify the first certificate\n  → npx trib config set-context CONTEXT --connect-ca FILE\nexit 1',
  ],
  'another authority': () => [
    { 'connect-ca': cluster.certificates.otherCa },
    'CONNECT_FAILED: https://worker shows a certificate that is not trusted here, signed by our-ca: unable to verify the first certificate\n  → npx trib config set-context CONTEXT --connect-ca FILE\nexit 1',
  ],
  'no certificate of its own': () => [
    { 'connect-cert': '', 'connect-key': '', 'connect-key-passphrase': '' },
    'CONNECT_FAILED: https://worker wants a certificate from this machine, and none is given\n  → npx trib config set-context CONTEXT --connect-cert FILE --connect-key FILE\nexit 1',
  ],
  'a certificate that nobody knows': () => [
    {
      'connect-cert': cluster.certificates.stranger.cert,
      'connect-key': cluster.certificates.stranger.key,
      'connect-key-passphrase': '',
    },
    'CONNECT_FAILED: https://worker does not trust the certificate that this machine shows ("certificate unknown")\n  → npx trib config set-context CONTEXT --connect-cert FILE --connect-key FILE\nexit 1',
  ],
  'a wrong password': () => [
    { 'connect-password': 'env:WRONG' },
    'CONNECT_DENIED: https://worker refuses the request (HTTP 401); basic authentication was sent\n  → npx trib config set-context CONTEXT --connect-user USER --connect-password env:CONNECT_PASSWORD\nexit 1',
  ],
  'no password': () => [
    withoutPassword,
    'CONNECT_DENIED: https://worker refuses the request (HTTP 401); no authentication was sent\n  → npx trib config set-context CONTEXT --connect-user USER --connect-password env:CONNECT_PASSWORD\nexit 1',
  ],
  'a wrong token': () => [
    { ...behindGate(cluster.gate.url), 'connect-token': 'env:WRONG' },
    'CONNECT_DENIED: https://gate refuses the request (HTTP 401); bearer authentication was sent\n  → npx trib config set-context CONTEXT --connect-token env:CONNECT_TOKEN\nexit 1',
  ],
  'a password where a token is wanted': () => [
    { connect: cluster.gate.url },
    'CONNECT_DENIED: https://gate refuses the request (HTTP 401); basic authentication was sent\n  → npx trib config set-context CONTEXT --connect-token env:CONNECT_TOKEN\nexit 1',
  ],
  'a certificate that has ended': () => [
    behindGate(cluster.endedGate.url),
    expect.stringMatching(
      /^CONNECT_FAILED: https:\/\/ended shows a certificate that ended on \d{4}-\d\d-\d\d\n {2}→ openssl s_client -connect 127.0.0.1:PORT-OF-https-ended <\/dev\/null \| openssl x509 -noout -subject -dates\nexit 1$/,
    ),
  ],
  'a certificate for another host': () => [
    behindGate(cluster.elsewhereGate.url),
    'CONNECT_FAILED: https://elsewhere shows a certificate for kafka.example.org, not for 127.0.0.1\n  → npx trib config set-context CONTEXT --connect https://kafka.example.org:PORT-OF-https-elsewhere\nexit 1',
  ],
  'clear text spoken to TLS': () => [
    { connect: cluster.worker.url.replace('https', 'http') },
    'CONNECT_FAILED: http://127.0.0.1:PORT-OF-https-worker speaks TLS, and was spoken to in clear text\n  → npx trib config set-context CONTEXT --connect https://worker\nexit 1',
  ],
  'TLS spoken to clear text': () => [
    { ...withoutPassword, connect: cluster.worker.clearUrl.replace('http', 'https') },
    'CONNECT_FAILED: https://127.0.0.1:PORT-OF-http-worker speaks no TLS\n  → npx trib config set-context CONTEXT --connect http://worker\nexit 1',
  ],
  'TLS spoken to clear text, with a password': () => [
    { connect: cluster.worker.clearUrl.replace('http', 'https') },
    'CONNECT_FAILED: https://127.0.0.1:PORT-OF-http-worker speaks no TLS, and a login is not sent there in clear text\n  → openssl s_client -connect 127.0.0.1:PORT-OF-http-worker </dev/null\nexit 1',
  ],
  'a passphrase that is wrong': () => [
    { 'connect-key-passphrase': 'env:WRONG' },
    expect.stringMatching(
      /which the passphrase given does not open\n {2}→ npx trib config set-context CONTEXT --connect-key-passphrase env:CONNECT_KEY_PASSPHRASE\nexit 2$/,
    ),
  ],
}

const refusedByKafka: Record<string, () => [Changes, string]> = {
  'another authority': () => [
    { 'kafka-ca': cluster.certificates.otherCa },
    'KAFKA_FAILED: the broker at SCRAM shows a certificate that is not trusted here, signed by our-ca: unable to verify the first certificate\n  → npx trib config set-context CONTEXT --kafka-ca FILE\nexit 1',
  ],
  'no certificate of its own': () => [
    { ...withoutLogin, kafka: cluster.broker.mutual },
    'KAFKA_FAILED: the broker at MUTUAL wants a certificate from this machine, and none is given\n  → npx trib config set-context CONTEXT --kafka-cert FILE --kafka-key FILE\nexit 1',
  ],
  'a certificate that has ended': () => [
    { ...withoutLogin, kafka: cluster.broker.ended },
    expect.stringMatching(
      /^KAFKA_FAILED: the broker at ENDED shows a certificate that ended on \d{4}-\d\d-\d\d\n {2}→ openssl s_client -connect ENDED /,
    ),
  ],
  'a certificate for another host': () => [
    { ...withoutLogin, kafka: cluster.broker.elsewhere },
    'KAFKA_FAILED: the broker at ELSEWHERE shows a certificate for kafka.example.org, not for 127.0.0.1\n  → npx trib config set-context CONTEXT --kafka kafka.example.org:PORT-OF-ELSEWHERE\nexit 1',
  ],
  'clear text spoken to TLS': () => [
    { ...withoutLogin, 'kafka-ca': '' },
    'KAFKA_FAILED: the broker at SCRAM speaks TLS, and was spoken to in clear text\n  → npx trib config set-context CONTEXT --kafka-tls\nexit 1',
  ],
  'TLS spoken to clear text': () => [
    { ...withoutLogin, kafka: cluster.broker.clear },
    'KAFKA_FAILED: the broker at CLEAR speaks no TLS\n  → npx trib config set-context CONTEXT --no-kafka-tls\nexit 1',
  ],
  'TLS spoken to clear text, with a password': () => [
    { kafka: cluster.broker.clear },
    'KAFKA_FAILED: the broker at CLEAR ended the connection in the middle of the TLS handshake\n  → openssl s_client -connect CLEAR </dev/null\nexit 1',
  ],
  'no login': () => [
    withoutLogin,
    'KAFKA_FAILED: the broker at SCRAM ends the connection without a word, as one does that wants a login; none is given\n  → npx trib config set-context CONTEXT --kafka-sasl scram-sha-512 --kafka-user USER --kafka-password env:KAFKA_PASSWORD\nexit 1',
  ],
  'a wrong password': () => [
    { 'kafka-password': 'env:WRONG' },
    'KAFKA_FAILED: the broker at SCRAM does not let the user trib in by scram-sha-512 with the password given\n  → npx trib config set-context CONTEXT --kafka-user trib --kafka-password env:KAFKA_PASSWORD\nexit 1',
  ],
  'a login of another kind': () => [
    { 'kafka-sasl': 'scram-sha-256' },
    'KAFKA_FAILED: the broker at SCRAM does not know the login by scram-sha-256\n  → npx trib config set-context CONTEXT --kafka-sasl scram-sha-512\nexit 1',
  ],
}

const withoutPassword = { 'connect-user': '', 'connect-password': '' }
const withoutLogin = { 'kafka-sasl': '', 'kafka-user': '', 'kafka-password': '' }

describe.each([
  ['Connect', 'get connectors', refusedByConnect],
  ['Kafka', 'export --strimzi', refusedByKafka],
])('what %s refuses is one sentence, and the command that helps:', (_, command, cases) => {
  test.concurrent.each(Object.entries(cases))('%s', async (_name, ask) => {
    const [changes, expected] = ask()

    expect(await at.refusal(command, changes)).toEqual(expected)
  })
})

test('health says of brokers that let nobody in why, and what helps', async () => {
  await at.name('refused', { 'kafka-password': 'env:WRONG' })

  const { code, stdout } = await at.trib('health -c refused -o json')

  const [{ cause, command }] = JSON.parse(stdout).pipelines
  expect([code, cause, command]).toEqual([
    6,
    `the broker at ${cluster.broker.scram} does not let the user trib in by scram-sha-512 with the password given`,
    'npx trib config set-context refused --kafka-user trib --kafka-password env:KAFKA_PASSWORD',
  ])
})
