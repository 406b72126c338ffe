import { type Random, randomAt } from '../random-at.ts'
import { communityEmail } from './community-user.ts'
import { administrator } from './person.ts'

export interface Site {
  readonly admin_email: string
  readonly username: string
}

export interface SiteOptions {
  /** Rows of history that the community has, too. */
  readonly history: number
  /** Share of sites whose administrator is a community user, 0 to 1. */
  readonly overlap: number
}

/** Site `index` of a seed. Its administrator may be any community user there can be by then. */
export function site(seed: number, index: number, { history, overlap }: SiteOptions): Site {
  const random = randomAt(seed, 'site', index)
  return drawSite(random, seed, { users: Math.max(history, index), overlap })
}

/** What an update changes: half the time the name, else the administrator. */
export function siteChange(
  seed: number,
  operation: number,
  { history, overlap }: SiteOptions,
): Partial<Site> {
  const random = randomAt(seed, 'site-change', operation)
  const isRename = random() < 0.5
  const { admin_email, username } = drawSite(random, seed, { users: history, overlap })
  return isRename ? { username } : { admin_email }
}

function drawSite(
  random: Random,
  seed: number,
  { users, overlap }: { users: number; overlap: number },
): Site {
  const [isMember, place] = [random() < overlap, random()]
  const { username, email } = administrator(random)
  if (!isMember || users === 0) return { username, admin_email: email }
  return { username, admin_email: asTyped(communityEmail(seed, Math.floor(place * users)), random) }
}

/** People type their address into two forms: one in ten differs in case, one in twenty has a space around it. */
function asTyped(email: string, random: Random): string {
  const slip = random()
  if (slip < 0.07) return email.charAt(0).toUpperCase() + email.slice(1)
  if (slip < 0.1) return email.toUpperCase()
  if (slip < 0.13) return `${email} `
  return slip < 0.15 ? ` ${email}` : email
}
