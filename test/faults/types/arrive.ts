import type { TestStack } from '../../support/trib.ts'
import { ownTypes, type TypeCase, warehouseTypes } from './cases.ts'
import { type Flow, openFlow, untilLanded } from './flow.ts'
import { untilSame } from './odd-rows.ts'
import type { OddTable } from './odd-tables.ts'
import {
  type Arrived,
  changeTyped,
  compareTyped,
  createTyped,
  insertTyped,
  lastId,
  typedTable,
} from './typed-rows.ts'

/** A flow whose databases know the types of the cases. */
export async function openTypedFlow(stack: TestStack): Promise<Flow> {
  const flow = await openFlow(stack)
  await flow.source.query(ownTypes)
  await flow.warehouse.query(warehouseTypes)
  return flow
}

export const typesSource = 'types-source'
export const typesSink = 'types-sink'

interface ArriveOptions {
  readonly cases: readonly TypeCase[]
  readonly odd: readonly OddTable[]
}

/** Makes the tables, does what doctor prints, applies, changes every row; gives what each case became. */
export async function arrive(
  stack: TestStack,
  flow: Flow,
  { cases, odd }: ArriveOptions,
): Promise<ReadonlyMap<TypeCase, Arrived>> {
  const { source, warehouse } = flow
  const tables = [typedTable, ...odd.map(({ table }) => table)]
  const rows = Math.max(...cases.map(({ values }) => values.length))
  for (const sql of [createTyped(cases), insertTyped(cases)]) await source.query(sql)
  for (const { create, before } of odd) for (const sql of [create, ...before]) await source.query(sql)
  await flow.declareSource(typesSource, tables)
  await flow.declareSink(typesSink, typesSource, tables)
  await flow.mendAsPrinted([typesSource, typesSink])
  await flow.apply([typesSource, typesSink], '--wait')
  await untilLanded(stack, warehouse, `select from "${typedTable}" where id = ${rows}`)
  for (const one of odd) await untilSame(stack, one, flow)

  for (const sql of changeTyped(cases)) await source.query(sql)
  for (const { after } of odd) for (const sql of after) await source.query(sql)
  await untilLanded(stack, warehouse, `select from "${typedTable}" where id = ${lastId}`)
  for (const one of odd) await untilSame(stack, one, flow)
  return compareTyped(cases, flow)
}
