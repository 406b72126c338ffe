import type { ServerResponse } from 'node:http'
import { noStore, safetyHeaders } from './answer.ts'

export interface ServerEvent {
  readonly event: string
  readonly data: string
}

export interface EventStream extends Disposable {
  readonly watchers: number
  /** Takes the response of one page; it gets all of what is known first. */
  join(response: ServerResponse): void
  /** To every page that keeps up. The text is made once, whoever reads it. */
  publish(event: string, data: string): void
}

/** What a page may leave unread before it is skipped: about a minute of events. */
const mostUnreadBytes = 256 * 1024

/** A page that took nothing for so long is gone, whatever its socket says. */
const mostBehindMs = 30_000

interface Page {
  readonly response: ServerResponse
  /** Since when events are not sent to it, but dropped. */
  behindSinceMs: number | undefined
}

/**
 * One stream for all pages. A page that is slower than the events misses some, and gets all of what is known when it
 * has caught up: nothing is kept for it without bound.
 */
export function createEventStream(whole: () => readonly ServerEvent[]): EventStream {
  const pages = new Set<Page>()
  const leave = (page: Page) => {
    pages.delete(page)
    page.response.destroy()
  }
  const greet = ({ response }: Page) => response.write(whole().map(textOf).join(''))
  const sendTo = (page: Page, text: string) => {
    const { response, behindSinceMs } = page
    if (behindSinceMs !== undefined) {
      if (Date.now() - behindSinceMs > mostBehindMs) leave(page)
    } else if (response.writableLength > mostUnreadBytes) page.behindSinceMs = Date.now()
    else response.write(text)
  }
  return {
    get watchers() {
      return pages.size
    },
    join(response) {
      response.writeHead(200, {
        ...{ ...safetyHeaders, ...noStore },
        'content-type': 'text/event-stream; charset=utf-8',
        'x-accel-buffering': 'no',
      })
      const page: Page = { response, behindSinceMs: undefined }
      pages.add(page)
      response.on('drain', () => {
        if (page.behindSinceMs === undefined) return
        page.behindSinceMs = undefined
        greet(page)
      })
      response.on('close', () => pages.delete(page)).on('error', () => pages.delete(page))
      greet(page)
    },
    publish(event, data) {
      if (pages.size === 0) return
      const text = textOf({ event, data })
      for (const page of pages) sendTo(page, text)
    },
    [Symbol.dispose]() {
      for (const page of pages) leave(page)
    },
  }
}

function textOf({ event, data }: ServerEvent): string {
  return `event: ${event}\ndata: ${data}\n\n`
}
