import type { ActivityEntry } from './messages.ts'

export type Note = Omit<ActivityEntry, 'id' | 'atMs'>

export interface Activity {
  note(note: Note): void
  /** Newest last. */
  entries(): readonly ActivityEntry[]
}

export interface ActivityOptions {
  readonly now: () => number
  readonly onEntry: (entry: ActivityEntry) => void
}

/** Days of a quiet stack, hours of one in trouble; 100 kB. */
const mostKept = 500

/** What happened while the console ran: changes of state, what somebody did, what jobs say. */
export function createActivity({ now, onEntry }: ActivityOptions): Activity {
  let entries: readonly ActivityEntry[] = []
  let lastId = 0
  return {
    note(note) {
      lastId += 1
      const entry = { id: lastId, atMs: now(), ...note }
      entries = [...entries.slice(1 - mostKept), entry]
      onEntry(entry)
    },
    entries: () => entries,
  }
}
