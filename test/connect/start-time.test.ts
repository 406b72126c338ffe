import { expect, test } from 'vitest'
import { launchers, medianMs } from '../measure/start-time.ts'

// Here because the files of this project run one after the other: of two cores, one is free.
test.each(Object.entries(launchers))('%s --help takes at most 200 ms', async (_, launcher) => {
  expect(await medianMs([...launcher, '--help'])).toBeLessThanOrEqual(200)
})
