import type { Command } from 'commander'
import type { Connector } from '../connect/connect-api.ts'
import type { OpenContext } from '../contexts/open-context.ts'
import { TribError } from '../errors/trib-error.ts'
import type { TableName } from '../pipelines/pipeline.ts'
import { kindOf } from '../plan/connector-kind.ts'
import type { Shell } from '../shell.ts'
import { confirm } from './connectors/confirm.ts'
import { openConnect } from './connectors/open-connect.ts'

export function addAddCommand(program: Command, shell: Shell): void {
  program
    .command('add')
    .description('more tables of a source that flows')
    .command('table <service> <tables...>')
    .description('topic, publication, rights, landing table, and the rows that are there; the others flow on')
    .option('--yes', 'run the SQL without asking', false)
    .action(async (service: string, names: string[], { yes }: { yes: boolean }, command: Command) => {
      const tables = names.map(parseTable)
      const { afterwards, connect, context } = await openConnect(shell, command)
      const connectors = await connect.list()
      const source = await findSource(connectors, context, service)
      // Loaded here: `--help` and the other commands do not wait for it.
      const { planNewTables } = await import('../tables/plan-new-tables.ts')
      const { addTables } = await import('../tables/add-tables.ts')
      const { openSinkProgress } = await import('../kafka/sink-progress.ts')
      const plan = planNewTables(connectors, { source, tables })
      await using progress = openSinkProgress(() => context.kafka())
      const again = `npx trib add table ${service} ${names.map(name => `'${name}'`).join(' ')} --yes`
      await addTables({
        ...{ plan, connectors, context, connect, afterwards, progress, signal: shell.signal },
        agree: async statements => {
          shell.writeErr(statements.map(one => `${one};\n`).join(''))
          await confirm(shell, { isYes: yes, what: `${statements.length} statements would be run`, again })
        },
        onStep: text => shell.writeErr(`${text}\n`),
      })
      for (const { schema, table } of tables) {
        shell.writeOut(`${schema}.${table} flows from ${source.name} to ${plan.sink.name}\n`)
      }
      if (Object.keys({ ...plan.sourcePatch, ...plan.sinkPatch }).length > 0) {
        const names = `${source.name} ${plan.sink.name}`
        const to = context.kind === 'local' ? ' --to connectors/moodle --force' : ''
        shell.writeErr(
          `write it into the files, or the next apply takes it out again:\n  → npx trib export ${names}${to}\n`,
        )
      }
    })
}

function parseTable(text: string): TableName {
  const [, schema, table] = /^([^.]+)\.([^.]+)$/.exec(text.replaceAll('"', '')) ?? []
  if (schema && table) return { schema, table }
  throw new TribError('USAGE', `'${text}' is not SCHEMA.TABLE`, {
    hint: "npx trib add table community-db 'public.Orders'",
  })
}

/** By the database that the connector reads, as the context calls it. */
async function findSource(
  connectors: readonly Connector[],
  context: OpenContext,
  service: string,
): Promise<Connector> {
  const { locateSource } = await import('../pipelines/locate-databases.ts')
  const sources = connectors.filter(({ config, type }) => kindOf(config, type).debezium === 'postgres')
  for (const source of sources) {
    const located = await locateSource(context, source).catch(() => undefined)
    if (located?.name === service || source.name === service) return source
  }
  throw new TribError('USAGE', `no connector reads '${service}'`, {
    hint: `connectors: ${sources.map(({ name }) => name).join(', ') || 'none'}`,
  })
}
