import type { GeneratedTable } from '../generated-table.ts'
import { communityUser, communityUserChange } from './community-user.ts'
import type { MoodleOptions } from './generate-options.ts'
import { site, siteChange } from './site.ts'

/** The tables of the scenario, each in its own database. */
export function moodleTables(options: MoodleOptions): GeneratedTable[] {
  return [communityUsers(options), sitesUsers(options)].filter(
    ({ source }) => options.source === undefined || options.source === source,
  )
}

function communityUsers({ seed }: MoodleOptions): GeneratedTable {
  return {
    source: 'community-db',
    name: 'public."CommunityUsers"',
    columns: [
      { name: 'email', type: 'text' },
      { name: 'username', type: 'text' },
      { name: 'registration_timestamp', type: 'timestamptz' },
    ],
    row(index, at) {
      const { email, username } = communityUser(seed, index)
      return [email, username, at.toISOString()]
    },
    change(operation) {
      const { email = null, username = null } = communityUserChange(seed, operation)
      return [email, username, null]
    },
  }
}

function sitesUsers({ seed, history, overlap }: MoodleOptions): GeneratedTable {
  return {
    source: 'sites-db',
    name: 'public."SitesUsers"',
    columns: [
      { name: 'admin_email', type: 'text' },
      { name: 'username', type: 'text' },
      { name: 'registration_timestamp', type: 'timestamptz' },
    ],
    row(index, at) {
      const { admin_email, username } = site(seed, index, { history, overlap })
      return [admin_email, username, at.toISOString()]
    },
    change(operation) {
      const { admin_email = null, username = null } = siteChange(seed, operation, { history, overlap })
      return [admin_email, username, null]
    },
  }
}
