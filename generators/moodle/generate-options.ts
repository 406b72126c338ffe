import * as z from 'zod'
import { TribError } from '../../control/errors/trib-error.ts'
import type { GeneratorOptions } from '../generator.ts'

const sources = ['community-db', 'sites-db'] as const
export type MoodleSource = (typeof sources)[number]

export interface MoodleOptions extends GeneratorOptions {
  /** Share of sites whose administrator has the e-mail of a community user, 0 to 1. (Default: 0.3) */
  readonly overlap: number
  /** (Default: both) */
  readonly source: MoodleSource | undefined
  /** Where `/healthz` answers. (Default: nowhere) */
  readonly healthPort: number | undefined
}

/** As commander and the environment give it: missing and empty mean the default. */
const text = z
  .string()
  .optional()
  .transform(value => value?.trim() || undefined)

interface NumericOptions<Fallback> {
  readonly fallback: Fallback
  readonly min: number
  readonly max: number
  readonly isWhole?: boolean
}

function numeric<Fallback>(name: string, { fallback, min, max, isWhole = false }: NumericOptions<Fallback>) {
  return text.transform((value, context): number | Fallback => {
    if (value === undefined) return fallback
    const number = Number(value)
    if (number >= min && number <= max && (!isWhole || Number.isInteger(number))) return number
    const kind = isWhole ? 'a whole number' : 'a number'
    return refuse(context, value, `${name} must be ${kind} from ${min} to ${max}, not '${value}'`)
  })
}

const historyEnd = text.transform((value, context) => {
  if (value === undefined) return undefined
  const isMoment =
    z.iso.datetime({ offset: true }).safeParse(value).success || z.iso.date().safeParse(value).success
  if (isMoment) return new Date(value)
  return refuse(
    context,
    value,
    `--history-end must be a time in ISO 8601 with its zone (2026-01-31T12:00:00Z), not '${value}'`,
  )
})

const source = text.transform((value, context): MoodleSource | undefined => {
  const known = sources.find(name => name === value)
  if (known !== undefined || value === undefined) return known
  return refuse(context, value, `--source must be ${sources.join(' or ')}, not '${value}'`)
})

function refuse(context: z.RefinementCtx, input: string, message: string): never {
  context.issues.push({ code: 'custom', input, message })
  return z.NEVER
}

/** The words of the command line and of the environment, as they come. */
export const generateOptionsSchema = z.object({
  seed: numeric('--seed', {
    fallback: 42,
    min: Number.MIN_SAFE_INTEGER,
    max: Number.MAX_SAFE_INTEGER,
    isWhole: true,
  }),
  history: numeric('--history', { fallback: 20_000, min: 0, max: 1_000_000_000, isWhole: true }),
  historyEnd,
  rate: numeric('--rate', { fallback: 0.5, min: 0, max: 1_000_000 }),
  interval: numeric('--interval', { fallback: 2_000, min: 1, max: 3_600_000, isWhole: true }),
  overlap: numeric('--overlap', { fallback: 0.3, min: 0, max: 1 }),
  source,
  healthPort: numeric('--health-port', { fallback: undefined, min: 1, max: 65_535, isWhole: true }),
})

/** The options that a generator runs with; a bad word is named with its value. */
export function parseGenerateOptions(words: z.input<typeof generateOptionsSchema>): MoodleOptions {
  const parsed = generateOptionsSchema.safeParse(words)
  if (!parsed.success) {
    throw new TribError('USAGE', parsed.error.issues.map(({ message }) => message).join('; '), {
      hint: 'npx trib generate --help',
    })
  }
  const { interval, ...options } = parsed.data
  return { ...options, intervalMs: interval }
}
