import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { metricsPage } from '../../../control/console/metrics-catalogue.ts'

test('METRICS.md says what the console measures', async () => {
  // `node test/run.mjs --project unit -u` writes the file again.
  const page = fileURLToPath(new URL('../../../control/console/METRICS.md', import.meta.url))
  await expect(metricsPage()).toMatchFileSnapshot(page)
})
