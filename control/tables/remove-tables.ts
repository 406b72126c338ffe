import type { ConnectClient, Connector } from '../connect/connect-api.ts'
import { openDatabase } from '../database/connect.ts'
import { messageOf } from '../errors/trib-error.ts'
import type { SinkProgress } from '../kafka/sink-progress.ts'
import { locateSource, locateWarehouse } from '../pipelines/locate-databases.ts'
import { forgetKnownTable } from '../schema/known-tables.ts'
import { awaitArrival, changePathOf } from '../verify/await-arrival.ts'
import { carryOut, type Step } from './carry-out.ts'
import { nameOf } from './choose-tables.ts'
import { connectorStep } from './connector-step.ts'
import type { LookOptions } from './look-with-plan.ts'
import type { Removal } from './open-removal.ts'
import type { Statement } from './plan-addition.ts'
import { runStatement } from './run-statement.ts'

interface RemoveOptions extends LookOptions {
  readonly removal: Removal
  /** Not ended by ^C: what was begun is taken back. */
  readonly afterwards: ConnectClient
  readonly progress: SinkProgress
  readonly again: string
  readonly onStep: (text: string) => void
}

/**
 * The source falls silent first; what it had said lands before the sink turns away. What cannot be taken back comes
 * last: a landing table that something depends on is refused by Postgres, and everything is as it was.
 */
export async function removeTables(options: RemoveOptions): Promise<void> {
  const { removal, again, onStep } = options
  const { plan, statements, drops } = removal
  const names = plan.removed.map(({ table }) => nameOf(table)).join(', ')
  const toStep = (statement: Statement): Step =>
    sqlStep(statement, { ...options, all: [...statements, ...drops] })
  const steps = [
    connectorStep({
      ...options,
      connector: plan.source,
      patch: plan.sourcePatch,
      text: `${plan.source.name} leaves ${names} out`,
    }),
    ...(plan.sink ? [arrivalStep(options)] : []),
    ...(plan.sink && Object.keys(plan.sinkPatch).length > 0
      ? [
          connectorStep({
            ...options,
            connector: plan.sink,
            patch: plan.sinkPatch,
            text: `${plan.sink.name} reads it no more`,
          }),
        ]
      : []),
    ...statements.map(toStep),
    ...drops.map(toStep),
    ...(drops.length > 0 ? topicSteps(options) : []),
    ...(plan.sink ? [forgetStep(plan.sink, options)] : []),
  ]
  await carryOut(steps, { onStep, again })
}

interface SqlOptions extends Pick<RemoveOptions, 'signal'> {
  readonly all: readonly Statement[]
}

function sqlStep(statement: Statement, { signal, all }: SqlOptions): Step {
  const { database, sql, undo } = statement
  const others = all.filter(one => one.database === database).map(one => one.sql)
  const back = undo === undefined ? undefined : { ...statement, sql: undo }
  return {
    text: `${database}: ${sql}`,
    run: () => runStatement(statement, { signal, others }),
    undo: back && { text: `${database}: ${sql}`, run: () => runStatement(back, { others }) },
  }
}

function arrivalStep(options: RemoveOptions): Step {
  const { removal, context, connect, progress, signal } = options
  const { source, sink, removed } = removal.plan
  return {
    text: 'what was on its way has landed',
    run: async () => {
      if (!sink) return
      const { address } = await locateSource(context, source)
      await using database = await openDatabase({ ...address, applicationName: 'trib remove table', signal })
      for (const { topic } of removed) {
        const path = changePathOf(source, sink, topic)
        await awaitArrival({ ...path, database, progress, connect, signal, deadlineMs: 120_000 })
      }
    },
  }
}

/** A topic that stays harms nobody: it is no reason to bring back what was dropped. */
function topicSteps({ removal, progress, onStep }: RemoveOptions): readonly Step[] {
  return removal.plan.removed.map(({ topic }) => ({
    text: `the topic ${topic} is removed`,
    run: async () => {
      try {
        await progress.remove(topic)
      } catch (error) {
        onStep(`the topic ${topic} stays: ${messageOf(error)}`)
      }
    },
  }))
}

/** Else the follower goes on telling that no connector carries it any more. */
function forgetStep(sink: Connector, { removal, context, signal, onStep }: RemoveOptions): Step {
  const { source, removed } = removal.plan
  return {
    text: 'the follower forgets it',
    run: async () => {
      try {
        const { address } = await locateWarehouse(context, sink)
        await using database = await openDatabase({
          ...address,
          applicationName: 'trib remove table',
          signal,
        })
        for (const { table } of removed) await forgetKnownTable(database, { source: source.name, table })
      } catch (error) {
        onStep(`the follower still knows of it: ${messageOf(error)}`)
      }
    },
  }
}
