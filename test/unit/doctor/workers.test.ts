import { expect, test } from 'vitest'
import { openWorkers, workerCases } from './worker-cases.ts'

test.each(workerCases)('$check: $fault', async ({ check, finding, breaks, mend }) => {
  await using workers = await openWorkers()
  expect(await workers.look()).toEqual([])

  breaks(workers)
  const findings = await workers.look()

  const [first] = findings
  for (const one of findings) expect(one).toMatchObject({ check, severity: finding.severity })
  expect(first?.message).toMatch(finding.message)
  mend?.(workers, first)
  expect(await workers.look()).toEqual([])
})
