import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { formatRows } from '../../../control/output/format-rows.ts'
import { createLog } from '../../../control/output/log.ts'
import { createProgress } from '../../../control/output/progress.ts'
import { visible } from '../../../control/output/visible.ts'
import { actsOnTerminal, hostileTexts } from '../../support/hostile-texts.ts'
import { config, openFakeWorld } from '../commands/fake-world.ts'

const rows = hostileTexts.map((text, index) => ({ index, text }))

it.each([
  ['json', (text: string): unknown => JSON.parse(text)],
  ['yaml', (text: string): unknown => parse(text)],
] as const)(
  'as %s nothing is left that a terminal acts upon, and every text is the same to a reader',
  (output, read) => {
    const printed = visible(formatRows(rows, output, {}))

    expect(printed).not.toMatch(actsOnTerminal)
    expect(read(printed)).toEqual(rows)
  },
)

it('a table has one line for each row, whatever stands in it', () => {
  const printed = formatRows(rows, 'table', {})

  expect(printed).not.toMatch(actsOnTerminal)
  expect(printed.trimEnd().split('\n')).toHaveLength(rows.length + 1)
  expect(printed).toContain('clear \\u001b[2J\\u001b[H')
  expect(printed).toContain('line\\nbreak')
})

it('neither the log nor the lines of progress pass it on', () => {
  let printed = ''
  const write = (text: string) => {
    printed += text
  }
  const log = createLog({ write })
  using progress = createProgress({ write, isLive: false, hasColour: false, columns: () => 200 })

  for (const [index, text] of hostileTexts.entries()) {
    log.warn(text, { text })
    progress.step(`step ${index}`, 'working', text)
  }

  expect(printed).toContain('red \\u001b[31m')
  expect(printed).not.toMatch(actsOnTerminal)
})

/** Each prints a trace, a message of the worker, a value of a config or a name. */
const commands = [
  ...['get connectors', 'get connectors -o wide', 'describe orders', 'explain orders', 'export orders'],
  ...['describe orders -o json', 'describe orders -o yaml', 'export orders -o yaml', 'health', 'get topics'],
  ...[
    'restart orders',
    'history orders',
    'patch orders --set batch.size=7 --dry-run',
    'delete offsets orders',
  ],
]

it.each(commands)("trib %s shows a worker's escape sequences, and does not pass them on", async command => {
  await using world = await openFakeWorld()
  const hostile = hostileTexts.join(' ')
  await world.other.create('orders', { ...config, 'connection.username': hostile, topics: 'red \u001b[31m' })
  world.fake.setTaskState('orders', 0, 'FAILED', `java.lang.Exception: ${hostile}\nCaused by: ${hostile}`)

  const { stdout, stderr } = await world.terminal.run(command.split(' '))

  expect(stdout + stderr).not.toBe('')
  expect(stdout + stderr).not.toMatch(actsOnTerminal)
})

it('nor what a worker says when it refuses', async () => {
  await using world = await openFakeWorld()
  const message = `no: ${hostileTexts.join(' ')}`
  world.fake.failNext({ status: 400, body: { error_code: 400, message }, times: 20 })

  const { code, stdout, stderr } = await world.terminal.run(['get', 'connectors', '--debug'])

  expect(code).toBe(1)
  expect(stderr).toContain('\\u001b[31m')
  expect(stdout + stderr).not.toMatch(actsOnTerminal)
})
