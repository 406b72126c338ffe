import { expect } from 'vitest'
import type { Severity } from '../../../control/doctor/finding.ts'
import type { TestPostgres } from '../../support/postgres.ts'
import { type DoctorWorld, openWorld } from './world.ts'

export interface FaultCase {
  readonly check: string
  /** A fact in the present tense. */
  readonly fault: string
  readonly severity: Severity
  readonly message: RegExp
  readonly breaks: (world: DoctorWorld) => Promise<void>
  /** What else is to be seen, as `check severity`. */
  readonly also?: readonly string[]
  /** (Default: what the finding prints is pasted) */
  readonly mend?: (world: DoctorWorld) => Promise<void>
}

/** A fix may bring to light what was hidden behind the fault. */
const rounds = 3

/** A healthy pair has no finding; broken, exactly this one; mended as it says, none again. */
export async function runCase(postgres: TestPostgres, one: FaultCase): Promise<void> {
  await using world = await openWorld(postgres)
  expect((await world.look()).findings).toEqual([])

  await one.breaks(world)
  let { findings } = await world.look()
  const seen = findings.map(({ check, severity }) => `${check} ${severity}`)
  expect(seen.sort(), JSON.stringify(findings, undefined, 1)).toEqual(
    [`${one.check} ${one.severity}`, ...(one.also ?? [])].sort(),
  )
  expect(findings.find(({ check }) => check === one.check)?.message).toMatch(one.message)

  if (one.mend) await one.mend(world)
  for (let round = 0; round < rounds && findings.length > 0; round += 1) {
    if (!one.mend) for (const finding of findings) await world.paste(finding)
    findings = (await world.look()).findings
  }
  expect(findings).toEqual([])
}

/** SQL in the world's source. */
export const inSource = (sql: string) => async (world: DoctorWorld) => {
  await using database = await world.source()
  await database.query(sql)
}

export const inWarehouse = (sql: string) => async (world: DoctorWorld) => {
  await using database = await world.warehouse()
  await database.query(sql)
}

/** Sets or, with undefined, removes a key. */
export const withKey =
  (connector: keyof DoctorWorld['configs'], key: string, value: string | undefined) =>
  async (world: DoctorWorld) => {
    const config = world.configs[connector]
    if (value === undefined) delete config[key]
    else config[key] = value
  }

export const all =
  (...steps: readonly ((world: DoctorWorld) => Promise<void>)[]) =>
  async (world: DoctorWorld) => {
    for (const step of steps) await step(world)
  }

/** A further table of the application that is captured as it should be; `landing` also makes the sink read it. */
export const captures =
  (table: string, { landing }: { readonly landing?: string } = {}) =>
  async (world: DoctorWorld) => {
    await inSource(
      `grant select on public.${table} to debezium; alter publication tributary_community add table public.${table}`,
    )(world)
    const source = world.configs['community-source']
    const name = table.replaceAll('"', '')
    source['table.include.list'] = `${source['table.include.list']},public.${name}`
    if (landing === undefined) return
    await inSource(
      `create trigger guard before truncate on public.${table} for each statement execute function tributary.delete_before_truncate()`,
    )(world)
    await inWarehouse(`${landing}; grant select, insert, update, delete on public.${table} to sink`)(world)
    const sink = world.configs['warehouse-sink']
    sink['topics'] = `${sink['topics']},community-db.public.${name}`
  }
