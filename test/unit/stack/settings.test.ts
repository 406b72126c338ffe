import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import {
  defaultPortBase,
  exampleEnvFile,
  generatedNames,
  generateSettings,
  portBlockSize,
  secretNames,
  settings,
} from '../../../control/stack/settings.ts'

const fileOf = (name: string) => new URL(`../../../${name}`, import.meta.url)

/** The variables of a compose file, each with its default; comments left out. */
function variablesOf(text: string): ReadonlyMap<string, string | undefined> {
  const code = text.replace(/^\s*#.*$/gm, '')
  return new Map([...code.matchAll(/\$\{(\w+)(?::-([^}]*))?/g)].map(([, name = '', value]) => [name, value]))
}

const compose = variablesOf(readFileSync(fileOf('docker-compose.yml'), 'utf8'))

const inCompose = settings.filter(setting => !('isForPeople' in setting))

describe('the settings', () => {
  it('are the variables of docker-compose.yml, and the logins that only people use', () => {
    expect(inCompose.map(({ name }) => name).toSorted()).toEqual([...compose.keys()].toSorted())
  })

  it('have the defaults that docker-compose.yml has', () => {
    const defaults = inCompose.map(setting => [
      setting.name,
      'default' in setting ? setting.default : undefined,
    ])

    expect(Object.fromEntries(defaults)).toEqual(Object.fromEntries(compose))
  })

  it('are described in .env.example', async () => {
    // `npx vitest run -u` writes the file again.
    await expect(exampleEnvFile()).toMatchFileSnapshot(fileURLToPath(fileOf('.env.example')))
  })

  it('stand in .env.example as comments only, without a password', () => {
    const text = readFileSync(fileOf('.env.example'), 'utf8')
    const lines = text.split('\n').filter(line => line !== '')

    expect(lines.filter(line => !line.startsWith('# '))).toEqual([])
    for (const name of secretNames) expect(lines).toContain(`# ${name}=`)
  })

  it('keep each port in the block of its stack, and to itself', () => {
    const offsets = settings.flatMap(setting => (setting.kind === 'port' ? [setting.offset] : []))

    expect(new Set(offsets).size).toBe(offsets.length)
    expect(offsets.filter(offset => offset < 0 || offset >= portBlockSize)).toEqual([])
  })
})

describe('generated settings', () => {
  const generated = generateSettings({ portBase: 27_300, project: 'tributary-test' })

  it('are the project, the stack, the cluster, ports and passwords', () => {
    expect(Object.keys(generated)).toEqual(generatedNames)
    expect(generated).toMatchObject({
      COMPOSE_PROJECT_NAME: 'tributary-test',
      KAFKA_1_PORT: '27301',
      KAFKA_3_INTERNAL_PORT: '27313',
      KAFKA_2_CONTROLLER_PORT: '27322',
      CONNECT_PORT: '27330',
      COMMUNITY_DB_PORT: '27340',
      SITES_DB_PORT: '27341',
      WAREHOUSE_PORT: '27342',
      COMMUNITY_GENERATOR_PORT: '27350',
      SITES_GENERATOR_PORT: '27351',
      CONSOLE_PORT: '27360',
      STACK_NAME: 'default',
    })
    expect(defaultPortBase).toBe(27_100)
  })

  it('have passwords of letters and at least one digit, each another', () => {
    const passwords = secretNames.map(name => generated[name])

    expect(passwords).toHaveLength(secretNames.length)
    expect(new Set(passwords).size).toBe(secretNames.length)
    for (const password of passwords) expect(password).toMatch(/^[A-Za-z0-9]{31}\d$/)
  })

  it('share no password with another stack', () => {
    const other = generateSettings({ portBase: 27_400, project: 'tributary-other' })

    expect(secretNames.filter(name => generated[name] === other[name])).toEqual([])
  })

  it('have a cluster id of 16 bytes that begins with no dash', () => {
    const bytes = [0xf8, 0x01]
    // 0xf8 is the first byte of an id that begins with "-".
    const random = (size: number) => new Uint8Array(size).fill(size === 16 ? (bytes.shift() ?? 0) : 7)

    const { KAFKA_CLUSTER_ID: id = '' } = generateSettings({ portBase: 27_100, project: 'demo', random })

    expect(id).toBe('AQEBAQEBAQEBAQEBAQEBAQ')
    expect(Buffer.from(id, 'base64url')).toHaveLength(16)
  })

  it('are the same for the same random bytes', () => {
    const options = {
      portBase: 27_100,
      project: 'demo',
      random: (size: number) => new Uint8Array(size).fill(61),
    }

    expect(generateSettings(options)).toEqual(generateSettings(options))
    expect(generateSettings(options)['WAREHOUSE_PASSWORD']).toBe(`${'9'.repeat(31)}1`)
  })
})
