import { parseArgs } from 'node:util'
import { ablations, allArms, mainArms } from './arms/all-arms.ts'
import type { Arm } from './arms/arm.ts'
import { loadsOf, onlyByName, type Size } from './loads/all-loads.ts'
import type { Load } from './loads/load.ts'

export interface BenchOptions {
  readonly size: Size
  readonly loads: readonly Load[]
  readonly arms: readonly Arm[]
  readonly rounds: number | undefined
  /** Whether what the results hold is not measured again. */
  readonly isResumed: boolean
  /** The results' file. */
  readonly name: string
  /** After so long no further arm begins; `--resume` goes on. */
  readonly minutes: number
  /** Lines of the stack's env file. */
  readonly settings: Readonly<Record<string, string>>
}

const namesOf = (all: readonly { readonly name: string }[]) => all.map(({ name }) => name).join(', ')

export const usage = `npm run bench -- [options]
  --load NAME      only this load; may be repeated
  --arm NAME       only this arm; may be repeated
  --rounds N       in place of what each load says
  --ablate         what is shipped, minus one setting each, under the two main loads
  --quick          small loads, one round, for CI: under four minutes
  --resume         goes on where the results of the same name end
  --minutes N      no arm begins after so long
  --name NAME      of the files in test/bench/results (Default: full, quick or ablation)
  --setting K=V    a line of the stack's env file, such as CONNECT_HEAP_OPTS=-Xmx1g; may be repeated
loads: ${namesOf(loadsOf('full'))}
arms: ${namesOf(allArms)}
`

/** Throws a sentence where the words are wrong; undefined: help is asked for. */
export function readOptions(args: readonly string[]): BenchOptions | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      load: { type: 'string', multiple: true },
      arm: { type: 'string', multiple: true },
      setting: { type: 'string', multiple: true },
      rounds: { type: 'string' },
      minutes: { type: 'string' },
      name: { type: 'string' },
      ablate: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      resume: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return undefined
  const size: Size = values.quick ? 'quick' : 'full'
  const loads = loadsOf(size)
  const usual = loads.filter(({ name }) => !onlyByName.has(name))
  const main = loads.filter(({ name }) => name === 'snapshot' || name === 'backlog')
  const shipped = mainArms.filter(({ name }) => name === 'shipped')
  return {
    size,
    loads: values.load ? named('load', values.load, loads) : values.ablate ? main : usual,
    arms: values.arm
      ? named('arm', values.arm, allArms)
      : values.ablate
        ? [...shipped, ...ablations]
        : mainArms,
    rounds: values.rounds === undefined ? (values.ablate ? 1 : undefined) : numberOf('rounds', values.rounds),
    isResumed: values.resume,
    name: values.name ?? (values.ablate ? 'ablation' : size),
    minutes: values.minutes === undefined ? Number.POSITIVE_INFINITY : numberOf('minutes', values.minutes),
    settings: Object.fromEntries((values.setting ?? []).map(toSetting)),
  }
}

function named<T extends { readonly name: string }>(
  kind: string,
  names: readonly string[],
  all: readonly T[],
): readonly T[] {
  return names.map(name => {
    const found = all.find(one => one.name === name)
    if (!found) throw new Error(`there is no ${kind} '${name}': ${namesOf(all)}`)
    return found
  })
}

function numberOf(name: string, text: string): number {
  const value = Number(text)
  if (!(value > 0)) throw new Error(`--${name} wants a number above 0, not '${text}'`)
  return value
}

function toSetting(text: string): [string, string] {
  const at = text.indexOf('=')
  if (at < 1) throw new Error(`--setting wants KEY=VALUE, not '${text}'`)
  return [text.slice(0, at), text.slice(at + 1)]
}
