import { expect, test } from 'vitest'
import { connectBySettings } from '../../../generators/moodle/connect-by-settings.ts'

const signal = new AbortController().signal

test('a source is reached by the variables of its service', async () => {
  const settings = { SITES_DB_HOST: '127.0.0.1', SITES_DB_PORT: '1', SITES_DB_GENERATOR_PASSWORD: 'secret' }

  const connection = connectBySettings(settings)('sites-db', { signal })

  await expect(connection).rejects.toThrow('sites_db at 127.0.0.1:1: nothing listens there')
})

test('a variable that is missing is named', async () => {
  const connection = connectBySettings({ COMMUNITY_DB_PORT: '1' })('community-db', { signal })

  await expect(connection).rejects.toMatchObject({
    code: 'USAGE',
    message: expect.stringContaining('COMMUNITY_DB_GENERATOR_PASSWORD is not set'),
  })
})
