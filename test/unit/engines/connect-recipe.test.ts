import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { withoutNames } from '../../../control/engines/native/connect-recipe.ts'
import { root } from '../../support/trib.ts'

test('where the kernel gives no names a worker starts without their provider, and with all else', () => {
  const shipped = readFileSync(join(root, 'connectors', 'worker.properties'), 'utf8')

  const lines = withoutNames(shipped).split('\n')

  expect(lines.filter(line => line.includes('directory'))).toEqual([])
  expect(lines.filter(line => !shipped.includes(line))).toEqual([])
  expect(lines).toContain('config.providers=env')
  expect(shipped.split('\n')).toHaveLength(lines.length + 2)
})
