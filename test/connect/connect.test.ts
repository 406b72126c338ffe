import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createConnectClient } from '../../control/connect/connect-client.ts'
import { moodle } from '../../control/scenarios/moodle.ts'
import { runProgram } from '../../control/system/run-program.ts'
import { unreachable } from '../contract/cli-context.ts'
import { cliContract } from '../contract/cli-contract.ts'
import { committedFile, committedNames, newTopic, sinkOf } from '../contract/cli-sink.ts'
import { connectClientContract } from '../contract/connect-client-contract.ts'
import { launchers, medianMs } from '../measure/start-time.ts'
import { openRealConnect, type RealConnect } from '../support/real-connect.ts'
import { openTerminal } from '../support/run-trib.ts'
import { eventually } from '../support/trib.ts'

let opened: RealConnect | undefined
const real = () => {
  if (!opened) throw new Error('the stack is not up yet')
  return opened
}
/** One stack for all suites. */
const kept = { [Symbol.asyncDispose]: async () => {} }

beforeAll(async () => {
  opened = await openRealConnect()
})
afterAll(() => opened?.[Symbol.asyncDispose]())

connectClientContract('a real Connect worker', async () => {
  const topic = `contract-${randomBytes(4).toString('hex')}`
  await real().fillTopic(topic)
  const connect = createConnectClient({ urls: [real().url] })
  return {
    ...{ connect, topic, sink: sinkOf(topic) },
    breakTask: async name => {
      await connect.patchConfig(name, unreachable)
      const look = async () => ((await connect.status(name))?.tasks[0]?.state === 'FAILED' ? true : undefined)
      await eventually('a failed task', look, { deadlineMs: 60_000 })
    },
    ...kept,
  }
})

cliContract(
  'the commands on a real Connect',
  async () => {
    const topic = newTopic()
    await real().fillTopic(topic)
    return { connectUrl: real().url, kafka: [real().broker], topic, sink: sinkOf(topic), ...kept }
  },
  { hasKafka: true },
)

describe('the committed files', () => {
  test.each(committedNames)('%s.json is accepted as it is by curl -X PUT', async name => {
    const url = `${real().url}/connectors/${name}/config`
    const header = 'Content-Type: application/json'

    const answer = await runProgram('curl', [
      ...['-sS', '-X', 'PUT', '-H', header, '-d', `@${committedFile(name)}`, '-w', '\n%{http_code}', url],
    ])

    expect(answer.stdout.split('\n').at(-1)).toBe('200')
  })
})

test('the whole scenario, exported for Strimzi, reads back as no change', async () => {
  using terminal = openTerminal({ connectUrl: real().url, kafka: [real().broker] })
  const folder = join(terminal.folder, 'manifests')

  const { code, stderr } = await terminal.run(['export', ...committedNames, '--strimzi', '--to', folder])
  const diff = await terminal.run(['diff', '-f', folder])

  expect([code, stderr]).toEqual([0, expect.stringContaining('your KafkaConnect needs')])
  const resources = committedNames.length + moodle.topics.length
  expect([diff.stdout, diff.code]).toEqual([`${resources} unchanged\n`, 0])
})

describe('a list of connectors takes at most 500 ms', () => {
  test.each(Object.entries(launchers))('by %s, in a context of the file', async (_, launcher) => {
    using terminal = openTerminal({ connectUrl: real().url })

    expect(await medianMs([...launcher, 'get', 'connectors'], terminal.env)).toBeLessThanOrEqual(500)
  })

  test('in the local stack', async () => {
    using terminal = openTerminal({ connectUrl: real().url })
    const words = [...launchers['node control/trib.mjs'], 'get', 'connectors'] as const
    const local = ['-c', 'local', '--stack', real().stackName]

    expect(await medianMs([...words, ...local], terminal.env)).toBeLessThanOrEqual(500)
  })
})
