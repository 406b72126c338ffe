import { expect, test } from 'vitest'
import { historyRow } from '../../../generators/history.ts'
import {
  communityEmail,
  communityUser,
  communityUserChange,
} from '../../../generators/moodle/community-user.ts'
import { parseGenerateOptions } from '../../../generators/moodle/generate-options.ts'
import { moodleTables } from '../../../generators/moodle/moodle-tables.ts'
import { site, siteChange } from '../../../generators/moodle/site.ts'

const rows = 5_000
const indexes = Array.from({ length: rows }, (_, index) => index)
const normalised = (email: string) => email.trim().toLowerCase()
const members = new Set(indexes.map(index => communityEmail(42, index)))

function shareOfMembers(overlap: number): number {
  const emails = indexes.map(index => normalised(site(42, index, { history: rows, overlap }).admin_email))
  return emails.filter(email => members.has(email)).length / rows
}

test('row 4,711 is the same however many rows were made before it', () => {
  const [users, sites] = moodleTables(parseGenerateOptions({}))
  const plan = { seed: 42, rows: 20_000, end: new Date('2026-01-01T00:00:00Z') }
  if (!users || !sites) throw new Error('two tables expected')

  const alone = [historyRow(users, 4_711, plan), historyRow(sites, 4_711, plan)]
  for (let index = 4_000; index < 4_711; index++) historyRow(sites, index, plan)

  expect([historyRow(users, 4_711, plan), historyRow(sites, 4_711, plan)]).toEqual(alone)
})

test('known seeds keep their rows from release to release', () => {
  expect(communityUser(42, 0)).toEqual({
    email: 'alexanne.spencer71@gmail.com',
    username: 'alexanne.spencer',
  })
  expect(site(42, 0, { history: 20_000, overlap: 0.3 })).toEqual({
    admin_email: 'cheyenne.douglas75@yearly-hyena.net',
    username: 'cheyenne.douglas7',
  })
})

test('another seed gives other people', () => {
  expect(communityUser(43, 0)).not.toEqual(communityUser(42, 0))
})

test('e-mails are mostly distinct, and some are shared', () => {
  expect(members.size / rows).toBeGreaterThan(0.97)
  expect(members.size).toBeLessThan(rows)
})

test.each([0, 0.3, 1])('an overlap of %d is the share of sites run by community users', overlap => {
  expect(Math.abs(shareOfMembers(overlap) - overlap)).toBeLessThan(overlap % 1 === 0 ? 0.000_1 : 0.02)
})

test('some administrators are written in other case or with spaces', () => {
  const emails = indexes.map(index => site(42, index, { history: rows, overlap: 1 }).admin_email)
  const share = (differs: (email: string) => boolean) => emails.filter(differs).length / rows

  expect(share(email => email !== email.toLowerCase())).toBeCloseTo(0.1, 1)
  expect(share(email => email !== email.trim())).toBeCloseTo(0.05, 1)
})

test('a live site may be run by a live community user', () => {
  const live = Array.from(
    { length: 2_000 },
    (_, index) => site(42, index, { history: 0, overlap: 1 }).admin_email,
  )
  const users = new Set(live.map((_, index) => communityEmail(42, index)))

  expect(live.slice(1).every(email => users.has(normalised(email)))).toBe(true)
})

test('with no community user to be, an administrator is somebody else', () => {
  expect(site(42, 0, { history: 0, overlap: 1 }).admin_email).toContain('@')
})

test('an update changes one thing, the same for the same operation', () => {
  const changes = [communityUserChange(42, 9), siteChange(42, 9, { history: rows, overlap: 0.3 })]

  expect(changes.map(change => Object.keys(change).length)).toEqual([1, 1])
  expect([communityUserChange(42, 9), siteChange(42, 9, { history: rows, overlap: 0.3 })]).toEqual(changes)
})
