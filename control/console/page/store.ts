import { useEffect, useState } from 'preact/hooks'
import { emptyState, type PageState } from './state.ts'

let current = emptyState
const listeners = new Set<() => void>()

export function update(change: (state: PageState) => PageState): void {
  const next = change(current)
  if (next === current) return
  current = next
  for (const listener of listeners) listener()
}

export const stateNow = (): PageState => current

/** The state, and a new drawing whenever it changed. */
export function usePageState(): PageState {
  const [state, setState] = useState(current)
  useEffect(() => {
    const listen = () => setState(current)
    listeners.add(listen)
    listen()
    return () => {
      listeners.delete(listen)
    }
  }, [])
  return state
}
