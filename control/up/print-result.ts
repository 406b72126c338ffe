import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openDatabase } from '../database/connect.ts'
import { runQuery } from '../database/run-query.ts'
import { hintForTarget } from '../errors/hint-for-target.ts'
import { bootstrapOf } from '../kafka/brokers.ts'
import { formatDocument, type Output } from '../output/format-rows.ts'
import { formatTable } from '../output/table.ts'
import type { Scenario } from '../scenarios/scenario.ts'
import type { Shell } from '../shell.ts'
import { databaseOf, publicUrl } from '../stack/database-address.ts'
import { findService, type Session } from '../stack/session.ts'

/** A first `up` changes everything, which needs no list; a later one changes little, and what is worth knowing. */
const mostListed = 5

interface ResultOptions {
  readonly scenario: Scenario
  readonly changes: readonly string[]
  readonly tookMs: number
  readonly output: Output
}

/** What a person needs next: the two answers, where everything listens, and which commands go on from here. */
export async function printResult(shell: Shell, session: Session, options: ResultOptions): Promise<void> {
  const { scenario, changes, tookMs, output } = options
  const answers = await Promise.all(scenario.questions.map(question => answer(session, scenario, question)))
  const seconds = (tookMs / 1000).toFixed(1)
  const list = changes.length <= mostListed ? `: ${changes.join('; ')}` : ''
  shell.writeErr(
    changes.length === 0
      ? `\neverything was running already; nothing changed (${seconds} s)\n`
      : `\nup in ${seconds} s${list}\n`,
  )
  const byName = Object.fromEntries(answers.map(({ question, rows }) => [question, rows]))
  const facts = { engine: session.engine.kind, changes, answers: byName, addresses: addresses(session) }
  const document = formatDocument(facts, output)
  if (document !== undefined) {
    shell.writeOut(document)
    return
  }
  for (const { title, rows } of answers) shell.writeOut(`\n${title}\n${formatTable(rows)}`)
  shell.writeOut(`\n${formatTable(addresses(session))}\n${nextSteps(session)}`)
}

interface Answer {
  readonly question: string
  readonly title: string
  readonly rows: readonly Record<string, unknown>[]
}

/** A question's file begins with it in words, as a comment. */
async function answer(session: Session, scenario: Scenario, question: string): Promise<Answer> {
  const query = readFileSync(join(session.stack.root, 'analytics', scenario.name, `${question}.sql`), 'utf8')
  const title = /^-- (.*)/.exec(query)?.[1] ?? question
  const warehouse = scenario.databases.find(({ role }) => role === 'warehouse')?.service ?? 'warehouse'
  const address = databaseOf(findService(session.topology, warehouse))
  if (!address) return { question, title, rows: [] }
  await using database = await openDatabase({ ...address, applicationName: 'trib up', times: 'text' })
  const result = await runQuery(database, query, warehouse)
  return { question, title, rows: result.kind === 'rows' ? result.rows : [] }
}

function addresses({ topology }: Session): readonly { readonly service: string; readonly address: string }[] {
  const shown = topology.services.flatMap(service => {
    const url = publicUrl(service)
    return url && !service.name.endsWith('-generator') ? [{ service: service.name, address: url }] : []
  })
  const kafka = { service: 'kafka', address: bootstrapOf(topology).join(',') }
  return [...shown, kafka]
}

function nextSteps({ stack }: Session): string {
  const steps = [
    'npx trib status',
    'npx trib sql warehouse "select * from weekly_registrations order by week desc limit 5"',
    'npx trib credentials warehouse',
    'npm run down',
    'npm run down -- --volumes',
  ]
  const meanings = ['', '', '', 'ends everything, keeps the data', 'removes the data, too']
  return steps
    .map((step, index) =>
      `  ${hintForTarget(step, { stack: stack.name }).padEnd(28)}  ${meanings[index]}`.trimEnd(),
    )
    .join('\n')
    .concat('\n')
}
