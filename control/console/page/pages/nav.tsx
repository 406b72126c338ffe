import type { InventorySummary } from '../../messages.ts'
import { count } from '../parts/words.ts'
import { hrefOf, type PageName, pageNames, titles } from './routes.ts'

interface NavProps {
  readonly page: PageName
  readonly inventory: InventorySummary | undefined
}

interface Badge {
  readonly number: number
  /** For those who do not see where it stands. */
  readonly about: string
  readonly isBad: boolean
}

export function Nav({ page, inventory }: NavProps) {
  return (
    <nav class="pages" aria-label="Pages">
      {pageNames.map(name => {
        const badge = inventory && badgeOf(name, inventory)
        return (
          <a key={name} href={hrefOf(name)} aria-current={name === page ? 'page' : undefined}>
            {titles[name]}
            {badge && badge.number > 0 && (
              <span class={badge.isBad ? 'badge badge-bad' : 'badge'}>
                {count(badge.number)}
                <span class="visually-hidden"> {badge.about}</span>
              </span>
            )}
          </a>
        )
      })}
    </nav>
  )
}

function badgeOf(page: PageName, { backfills, badSlots, badRecords }: InventorySummary): Badge | undefined {
  if (page === 'tables') return { number: backfills, about: 'being read again', isBad: false }
  if (page === 'slots') return { number: badSlots, about: 'to be looked at', isBad: true }
  if (page === 'bad-records') return { number: badRecords, about: 'not mended', isBad: true }
  return undefined
}
