import { escapeLiteral } from 'pg'
import type { BenchStack } from '../open-bench-stack.ts'
import type { Pipeline, PipelineOptions } from './pipeline.ts'

/** Postgres' own logical replication, on its defaults: the limit of what can be had. */
export function openLogical(
  { source, warehouse, sourceConninfo }: BenchStack,
  { id, tables }: PipelineOptions,
): Pipeline {
  const alter = (what: string) => async () => {
    await warehouse.query(`alter subscription ${id} ${what}`)
  }
  return {
    async start() {
      await source.query(`create publication ${id} for table ${tables.map(({ name }) => name).join(', ')}`)
      const conninfo = escapeLiteral(await sourceConninfo())
      await warehouse.query(`create subscription ${id} connection ${conninfo} publication ${id}`)
    },
    pause: alter('disable'),
    resume: alter('enable'),
    check: async () => {},
    async [Symbol.asyncDispose]() {
      await warehouse.query(`drop subscription if exists ${id}`)
      await source.query(`drop publication if exists ${id}`)
    },
  }
}
