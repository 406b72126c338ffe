import { hintForTarget } from '../errors/hint-for-target.ts'
import { bootstrapOf } from '../kafka/brokers.ts'
import { formatDocument, type Output } from '../output/format-rows.ts'
import { formatTable } from '../output/table.ts'
import { byName, rowsOf } from '../report/answer-rows.ts'
import { wordsOf } from '../report/describe-answer.ts'
import { type Answer, readAnswers } from '../report/read-answers.ts'
import type { Scenario } from '../scenarios/scenario.ts'
import type { Shell } from '../shell.ts'
import { databaseOf, publicUrl } from '../stack/database-address.ts'
import { findService, type Session } from '../stack/session.ts'

/** A first `up` changes everything, which needs no list; a later one changes little, and what is worth knowing. */
const mostListed = 5

/** Both answers fit on one screen with them; `trib report` shows more. */
const weeksShown = 8

interface ResultOptions {
  readonly scenario: Scenario
  readonly changes: readonly string[]
  /** Where Metabase shows the answers, if it runs. */
  readonly dashboard: string | undefined
  readonly tookMs: number
  readonly output: Output
}

/** What a person needs next: the two answers, where everything listens, and which commands go on from here. */
export async function printResult(shell: Shell, session: Session, options: ResultOptions): Promise<void> {
  const { scenario, changes, dashboard, tookMs, output } = options
  const answers = await readLastWeeks(session, scenario)
  const services = await addresses(session)
  const listening = dashboard ? [...services, { service: 'dashboard', address: dashboard }] : services
  const seconds = (tookMs / 1000).toFixed(1)
  const list = changes.length <= mostListed ? `: ${changes.join('; ')}` : ''
  shell.writeErr(
    changes.length === 0
      ? `\neverything was running already; nothing changed (${seconds} s)\n`
      : `\nup in ${seconds} s${list}\n`,
  )
  const facts = {
    engine: session.engine.kind,
    changes,
    answers: byName(answers),
    addresses: addresses(session),
  }
  const document = formatDocument(facts, output)
  if (document !== undefined) {
    shell.writeOut(document)
    return
  }
  for (const answer of answers) shell.writeOut(`\n${wordsOf(answer)}\n${formatTable(rowsOf(answer))}`)
  shell.writeOut(`\n${formatTable(listening)}\n${nextSteps(session)}`)
}

async function readLastWeeks(session: Session, scenario: Scenario): Promise<readonly Answer[]> {
  const warehouse = scenario.databases.find(({ role }) => role === 'warehouse')?.service ?? 'warehouse'
  const address = databaseOf(findService(session.topology, warehouse))
  if (!address) return []
  const options = { weeks: weeksShown, applicationName: 'trib up', viewsHint: 'npm run up' }
  return readAnswers(address, scenario.questions, options)
}

/** Where a person may connect to; a service that this engine does not run has no address. */
async function addresses({ topology, engine }: Session) {
  const states = await engine.status()
  const runs = (name: string) => states.some(({ service, state }) => service === name && state !== 'stopped')
  const shown = topology.services.flatMap(service => {
    const url = publicUrl(service)
    const isForPeople = !service.name.endsWith('-generator') && runs(service.name)
    return url && isForPeople ? [{ service: service.name, address: url }] : []
  })
  return [...shown, { service: 'kafka', address: bootstrapOf(topology).join(',') }]
}

function nextSteps({ stack }: Session): string {
  const steps = [
    'npx trib status',
    'npx trib report',
    'npx trib sql warehouse "select * from weekly_registrations order by week desc limit 5"',
    'npx trib credentials warehouse',
    'npm run down',
    'npm run down -- --volumes',
  ]
  const meanings = ['', '', '', '', 'ends everything, keeps the data', 'removes the data, too']
  return steps
    .map((step, index) =>
      `  ${hintForTarget(step, { stack: stack.name }).padEnd(28)}  ${meanings[index]}`.trimEnd(),
    )
    .join('\n')
    .concat('\n')
}
