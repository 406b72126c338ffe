import type { ConnectClient } from '../connect/connect-api.ts'
import { TribError } from '../errors/trib-error.ts'
import type { SinkProgress } from '../kafka/sink-progress.ts'
import { carryOut, type Step } from './carry-out.ts'
import { nameOf } from './choose-tables.ts'
import { connectorStep } from './connector-step.ts'
import { helpOf, isAbout, type LookOptions, lookWithPlan } from './look-with-plan.ts'
import { type Addition, type Statement, statementsOf } from './plan-addition.ts'
import { runStatement } from './run-statement.ts'

export interface ApplyOptions extends LookOptions {
  readonly addition: Addition
  /** Not ended by ^C: what was begun is taken back. */
  readonly afterwards: ConnectClient
  readonly progress: Pick<SinkProgress, 'createLike' | 'remove'>
  /** The command that goes on where something cannot be taken back. */
  readonly again: string
  readonly onStep: (text: string) => void
}

/**
 * The order keeps the other tables flowing: whatever could stop a connector (topic, publication, rights, landing
 * table) is there before the connector hears of the table; the sink listens before the source speaks.
 */
export async function applyAddition(options: ApplyOptions): Promise<void> {
  const { addition, again, onStep } = options
  const steps = [
    ...addition.statements.map(statement => sqlStep(statement, options)),
    ...(addition.statements.length > 0 ? [lookAgain(options)] : []),
    ...topicSteps(options),
    ...connectorSteps(options),
  ]
  await carryOut(steps, { onStep, again })
}

export function sqlStep(
  statement: Statement,
  { signal, addition }: Pick<ApplyOptions, 'signal' | 'addition'>,
): Step {
  const { database, sql, undo } = statement
  const others = addition.statements.filter(one => one.database === database).map(one => one.sql)
  return {
    text: `${database}: ${sql}`,
    run: () => runStatement(statement, { signal, others }),
    undo:
      undo === undefined
        ? undefined
        : {
            text: `${database}: ${undo}`,
            run: () => runStatement({ ...statement, sql: undo }, { others }),
          },
  }
}

/** What one statement mends may bring to light what was hidden behind it. */
const rounds = 2

function lookAgain(options: ApplyOptions): Step {
  const { addition, signal, onStep } = options
  const { plan, facts } = addition
  const done: Step[] = []
  return {
    text: 'the doctor has nothing against it',
    run: async () => {
      for (let round = 0; ; round += 1) {
        const { findings, databases } = await lookWithPlan(plan, options)
        const more = statementsOf(findings, { plan, facts, databases })
        const errors = findings.filter(
          one => one.severity === 'error' && plan.ways.some(way => isAbout(one, way)),
        )
        const [first] = errors
        if (first && (more.length === 0 || round === rounds)) {
          throw new TribError('CONFIG_INVALID', `${first.object}: ${first.message} (${first.check})`, {
            hint: helpOf(first),
          })
        }
        if (more.length === 0 || round === rounds) return
        for (const step of more.map(statement => sqlStep(statement, { signal, addition }))) {
          await step.run()
          done.push(step)
          onStep(step.text)
        }
      }
    },
    undo: {
      text: 'what the doctor mended',
      isOfHalf: true,
      run: async () => {
        for (const { undo } of done.toReversed()) await undo?.run()
      },
    },
  }
}

function topicSteps({ addition: { plan }, progress }: ApplyOptions): readonly Step[] {
  return plan.ways.map(({ topic }) => {
    let isOurs = false
    return {
      text: `the topic ${topic} is there`,
      run: async () => {
        isOurs = await progress.createLike(topic, plan.model)
      },
      undo: {
        text: `the topic ${topic}`,
        run: async () => {
          if (isOurs) await progress.remove(topic)
        },
      },
    }
  })
}

function connectorSteps(options: ApplyOptions): readonly Step[] {
  const { plan } = options.addition
  const names = plan.ways.map(({ table }) => nameOf(table)).join(', ')
  const changes = [
    [plan.sink, plan.sinkPatch],
    [plan.source, plan.sourcePatch],
  ] as const
  return changes
    .filter(([, patch]) => Object.keys(patch).length > 0)
    .map(([connector, patch]) =>
      connectorStep({ ...options, connector, patch, text: `${connector.name} knows of ${names}` }),
    )
}
