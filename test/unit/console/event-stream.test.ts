import { EventEmitter } from 'node:events'
import type { ServerResponse } from 'node:http'
import { expect, test } from 'vitest'
import { createEventStream } from '../../../control/console/server/event-stream.ts'

/** A page that takes nothing until it is told to. */
function slowPage() {
  const written: string[] = []
  const response = Object.assign(new EventEmitter(), {
    writableLength: 0,
    writeHead() {},
    write(text: string) {
      written.push(text)
      response.writableLength += text.length
    },
    destroy() {
      response.emit('close')
    },
  })
  const catchUp = () => {
    response.writableLength = 0
    response.emit('drain')
  }
  return { response: response as unknown as ServerResponse, written, catchUp }
}

test('a page that does not keep up is skipped, and gets all that is known when it has caught up', () => {
  let known = 0
  using stream = createEventStream(() => [{ event: 'whole', data: String(known) }])
  const page = slowPage()
  stream.join(page.response)
  const large = 'x'.repeat(100_000)

  for (known = 1; known <= 50; known++) stream.publish('board', large)
  const kept = page.written.join('').length
  page.catchUp()
  stream.publish('board', 'fresh')

  expect(kept).toBeLessThan(500_000)
  expect(page.written.slice(-2)).toEqual(['event: whole\ndata: 51\n\n', 'event: board\ndata: fresh\n\n'])
})

test('a page that left gets nothing more', () => {
  using stream = createEventStream(() => [])
  const page = slowPage()
  stream.join(page.response)

  expect(stream.watchers).toBe(1)
  page.response.emit('close')
  stream.publish('board', 'late')

  expect(stream.watchers).toBe(0)
  expect(page.written.join('')).not.toContain('late')
})
