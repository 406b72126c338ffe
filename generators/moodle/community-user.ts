import { type Random, randomAt } from '../random-at.ts'
import { member } from './person.ts'

export interface CommunityUser {
  readonly email: string
  readonly username: string
}

/** Families and classes that share a mailbox: e-mails are not unique. */
const sharedMailbox = 0.01

/** User `index` of a seed, whoever asks: the generator of sites knows every e-mail without asking the other database. */
export function communityUser(seed: number, index: number): CommunityUser {
  const random = randomAt(seed, 'community-user', index)
  const earlier = sharedMailboxOf(random, index)
  const { username, email } = member(random)
  return { username, email: earlier === undefined ? email : ownEmail(seed, earlier) }
}

export function communityEmail(seed: number, index: number): string {
  return communityUser(seed, index).email
}

/** What an update changes: half the time the name, else the mailbox. */
export function communityUserChange(seed: number, operation: number): Partial<CommunityUser> {
  const random = randomAt(seed, 'community-user-change', operation)
  const { username, email } = member(random)
  return random() < 0.5 ? { username } : { email }
}

function sharedMailboxOf(random: Random, index: number): number | undefined {
  const [isShared, place] = [random() < sharedMailbox, random()]
  return isShared && index > 0 ? Math.floor(place * index) : undefined
}

/** The mailbox that a user would have alone, so that sharing ends after one step. */
function ownEmail(seed: number, index: number): string {
  const random = randomAt(seed, 'community-user', index)
  sharedMailboxOf(random, index)
  return member(random).email
}
