import type { ActivityEntry, AnswerChange, BoardChange, Hello, VerifyState } from '../messages.ts'
import { withActivity, withAnswer, withBoard } from './state.ts'
import { stateNow, update } from './store.ts'

/** The server sends something every second: silence means that the way to it is cut, whatever the socket says. */
const silenceMs = 8_000
const againMs = 1_000

/** What closes the stream that is open; undefined: none is. */
let close: (() => void) | undefined
let again: ReturnType<typeof setTimeout> | undefined

/**
 * Keeps the stream of events open while somebody looks. Browsers give all tabs of a server six connections together:
 * the seventh page would not even load if those behind it kept theirs.
 */
export function stayConnected(): void {
  const follow = () => {
    if (document.visibilityState === 'visible') open()
    else rest()
  }
  document.addEventListener('visibilitychange', follow)
  follow()
}

function rest(): void {
  clearTimeout(again)
  close?.()
  close = undefined
}

function open(): void {
  if (close) return
  clearTimeout(again)
  const stream = new EventSource('/api/events')
  let watch: ReturnType<typeof setTimeout> | undefined
  close = () => {
    clearTimeout(watch)
    stream.close()
  }
  const lose = () => {
    rest()
    update(state =>
      state.link.kind === 'lost' ? state : { ...state, link: { kind: 'lost', sinceMs: Date.now() } },
    )
    // Some apart: many pages must not come back in the same moment.
    again = setTimeout(open, againMs + Math.random() * againMs)
  }
  const hear = () => {
    clearTimeout(watch)
    watch = setTimeout(lose, silenceMs)
  }
  hear()
  stream.onerror = lose
  const on = <T>(event: string, take: (data: T) => void) =>
    stream.addEventListener(event, message => {
      hear()
      take(JSON.parse(message.data))
    })
  on<Hello>('hello', greet)
  on<BoardChange>('board', change => update(state => withBoard(state, change)))
  on<AnswerChange>('answer', change => update(state => withAnswer(state, change)))
  on<VerifyState>('verify', verify => update(state => ({ ...state, verify })))
  on<readonly ActivityEntry[]>('activity', entries => update(state => withActivity(state, entries)))
}

function greet(hello: Hello): void {
  // A server with newer files: what it sends may be more than this page understands.
  const known = stateNow().hello
  if (known && known.build !== hello.build) location.reload()
  update(state => ({ ...state, hello, link: { kind: 'live', sinceMs: Date.now() } }))
}
