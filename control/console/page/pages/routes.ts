/** Every page, in the order of the links that lead there. */
export const pageNames = ['overview', 'tables', 'slots', 'bad-records'] as const
export type PageName = (typeof pageNames)[number]

export const titles: Readonly<Record<PageName, string>> = {
  overview: 'Overview',
  tables: 'Tables',
  slots: 'Slots',
  'bad-records': 'Bad records',
}

export const hrefOf = (page: PageName): string => (page === 'overview' ? '#/' : `#/${page}`)

/** Pure. undefined: a place on a page, or none of ours; whoever asks stays where they are. */
export function pageOf(hash: string): PageName | undefined {
  if (hash === '' || hash === '#/') return 'overview'
  return pageNames.find(name => hrefOf(name) === hash)
}
