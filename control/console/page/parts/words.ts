import { duration } from '../../../health/words.ts'

export { bytes } from '../../../health/words.ts'

const whole = new Intl.NumberFormat('en')

export const count = (number: number): string => whole.format(number)

/** `3 tables`, `1 table` */
export const counted = (number: number, noun: string): string =>
  `${count(number)} ${noun}${number === 1 ? '' : 's'}`

export const rate = (perSecond: number | null): string =>
  perSecond === null ? '–' : `${perSecond < 100 ? perSecond : count(Math.round(perSecond))}/s`

export const age = (seconds: number | null): string => (seconds === null ? 'not known' : duration(seconds))

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' })
export const timeOf = (atMs: number): string => clock.format(atMs)

const moment = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' })
export const momentOf = (atMs: number): string => moment.format(atMs)

const day = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  timeZone: 'UTC',
})
/** `16 Nov 2026` of `2026-11-16`. */
export const dayOf = (week: string): string => day.format(Date.parse(`${week}T00:00:00Z`))
