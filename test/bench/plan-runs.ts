import type { Arm } from './arms/arm.ts'
import type { Load } from './loads/load.ts'
import type { Measurement } from './measurement.ts'

export interface Run {
  readonly load: Load
  readonly arm: Arm
  readonly round: number
}

interface PlanOptions {
  readonly loads: readonly Load[]
  readonly arms: readonly Arm[]
  /** In place of what each load says. */
  readonly rounds?: number | undefined
  /** What need not be measured again. */
  readonly done: readonly Measurement[]
}

/** What is left to run. Each round begins with another arm: who comes first meets a cold cache and an idle disk. */
export function planRuns({ loads, arms, rounds, done }: PlanOptions): readonly Run[] {
  const isDone = ({ load, arm, round }: Run) =>
    done.some(one => one.load === load.name && one.arm === arm.name && one.round === round)
  return loads
    .flatMap(load =>
      Array.from({ length: rounds ?? load.rounds }, (_, at) =>
        rotated(armsOf(load, arms), at).map(arm => ({ load, arm, round: at + 1 })),
      ).flat(),
    )
    .filter(run => !isDone(run))
}

function armsOf(load: Load, arms: readonly Arm[]): readonly Arm[] {
  return arms.filter(({ name }) => load.arms === undefined || load.arms.includes(name))
}

function rotated<T>(values: readonly T[], by: number): readonly T[] {
  const at = by % Math.max(values.length, 1)
  return [...values.slice(at), ...values.slice(0, at)]
}
