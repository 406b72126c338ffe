import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { errorPage } from '../../../control/errors/error-page.ts'

test('control/ERRORS.md is the table of codes', async () => {
  // `npx vitest run -u` writes the file again.
  const page = fileURLToPath(new URL('../../../control/ERRORS.md', import.meta.url))
  await expect(errorPage()).toMatchFileSnapshot(page)
})
