import type { Database } from '../../control/database/connect.ts'

/** Looks for new rows of a landing table all the time; its end gives the longest time, in ms, in which none came. */
export function watchGap(warehouse: Database, table: string): () => Promise<number> {
  let isEnding = false
  let longest = 0
  const work = (async () => {
    let [seen, at] = ['', performance.now()]
    while (!isEnding) {
      const { rows } = await warehouse.query<{ id: string }>(`select max(id) as id from ${table}`)
      longest = Math.max(longest, performance.now() - at)
      if (rows[0]?.id !== seen) [seen, at] = [rows[0]?.id ?? '', performance.now()]
      await new Promise(resolve => setTimeout(resolve, 20))
    }
  })()
  return async () => {
    isEnding = true
    await work
    return longest
  }
}
