import { allFaults } from '../faults/faults/all-faults.ts'
import type { Fault } from '../faults/faults/fault.ts'
import { seeded, shuffled } from '../support/seeded.ts'

/** What happens under one seed, whole: the same in every run. */
export interface Storm {
  readonly seed: number
  readonly blows: readonly Blow[]
}

export interface Blow {
  readonly fault: Fault
  /** From the moment at which both sources are under load. */
  readonly afterMs: number
  /** It is met while the fault before it still lasts. */
  readonly isOnTop: boolean
}

/** Eight seeds in a row meet every fault once; the last of them has what the others left. */
export const seedsOfARound = 8
const atMostAfterMs = 3_000

export function drawStorm(seed: number): Storm {
  const round = Math.floor((seed - 1) / seedsOfARound)
  const place = (seed - 1) % seedsOfARound
  const dealt = shuffled(allFaults, seeded(round + 1))
  const size = Math.floor(allFaults.length / seedsOfARound)
  const isLast = place === seedsOfARound - 1
  const faults = dealt.slice(place * size, isLast ? undefined : (place + 1) * size)
  const random = seeded(-seed)
  let lasting: Fault[] = []
  const blows = faults.map(fault => {
    const afterMs = Math.round(random() * atMostAfterMs)
    const isOnTop = random() < 0.7 && canBeOnTopOf(lasting, fault)
    lasting = isOnTop ? [...lasting, fault] : [fault]
    return { fault, afterMs, isOnTop }
  })
  return { seed, blows }
}

/** Nobody mends anything before they are over: what one of them took, the next cannot find. */
function canBeOnTopOf(lasting: readonly Fault[], { needsWhole, needs = [], takes = [] }: Fault): boolean {
  if (lasting.length === 0 || needsWhole || lasting.some(before => before.needsWhole)) return false
  const taken = new Set(lasting.flatMap(before => before.takes ?? []))
  return ![...needs, ...takes].some(service => taken.has(service))
}

/** Of its test, and of whoever wants to know what happened. */
export function nameOf({ seed, blows }: Storm): string {
  const told = blows.map(({ fault, isOnTop }) => `${isOnTop ? 'meanwhile ' : ''}${fault.name}`)
  return `seed ${seed}: ${told.join('; ')}`
}
