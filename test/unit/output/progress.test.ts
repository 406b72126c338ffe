import { expect, test } from 'vitest'
import { createProgress } from '../../../control/output/progress.ts'

test('without a terminal each change of state is one line, with the time it took', () => {
  let now = 0
  let text = ''
  const write = (more: string) => {
    text += more
  }
  {
    using progress = createProgress({
      write,
      isLive: false,
      hasColour: false,
      columns: () => 80,
      now: () => now,
    })
    progress.step('connect', 'waiting', 'waiting for kafka-1')
    progress.step('connect', 'working', 'starting')
    now = 1_500
    progress.step('connect', 'working', 'nothing listens yet')
    progress.step('connect', 'done')
  }

  expect(text).toBe(
    [
      '  · connect                        waiting for kafka-1\n',
      '  … connect                 0.0 s  starting\n',
      '  ✓ connect                 1.5 s\n',
    ].join(''),
  )
})
