import { describe, expect, it } from 'vitest'
import { startOrder, stopOrder } from '../../../control/topology/start-order.ts'
import { read, refusal } from './read.ts'

const health = 'healthcheck: { test: [CMD, nc, -z, h, "1"] }'

/** A file with these services, the first of them on line 3, each with an image. */
const withServices = (...services: readonly (readonly [string, string])[]) =>
  `name: demo\nservices:\n${services.map(([name, rest]) => `  ${name}: { image: demo:1, ${rest} }`).join('\n')}\n`

describe('a dependency', () => {
  it('is a name, or a name with a condition', () => {
    const { services } = read(
      withServices(
        ['a', 'depends_on: [b, c]'],
        ['b', 'depends_on: { c: { condition: service_healthy } }'],
        ['c', health],
      ),
    )

    expect(services.map(({ dependsOn }) => dependsOn)).toEqual([
      [
        { service: 'b', condition: 'service_started' },
        { service: 'c', condition: 'service_started' },
      ],
      [{ service: 'c', condition: 'service_healthy' }],
      [],
    ])
  })

  it.each([
    ['depends_on: [dd]', 'depends_on[0] is refused: there is no service "dd"', 'write "db" instead of "dd"'],
    ['depends_on: [$SECRET]', 'depends_on[0] is refused: there is no service "$SECRET"', undefined],
    ['depends_on: [other]', 'depends_on[0] is refused: there is no service "other"', undefined],
    [
      'depends_on: { other: { condition: service_started } }',
      'depends_on.other is refused: there is no service "other"',
      undefined,
    ],
    [
      'depends_on: { db: { condition: service_healthy } }',
      'depends_on.db is refused: "db" has no healthcheck, so it never becomes healthy',
      undefined,
    ],
    [
      'depends_on: { db: { condition: service_completed_successfully } }',
      'depends_on.db.condition is refused: "service_completed_successfully" waits for a service that ends; there are no one-shot services, `trib up` runs such work itself',
      undefined,
    ],
    [
      'depends_on: { db: { condition: ready } }',
      'depends_on.db.condition is refused: "ready" is neither service_started nor service_healthy',
      undefined,
    ],
    ['depends_on: { db: }', 'depends_on.db has no condition: service_started or service_healthy', undefined],
    [
      'depends_on: { db: { condition: service_started, required: false } }',
      'depends_on.db.required is refused: a service needs what it names',
      undefined,
    ],
    ['depends_on: db', 'depends_on is refused: "db" is no mapping of keys to values', undefined],
  ])('is refused: %s', (dependsOn, sentence, hint) => {
    const text = withServices(['web', dependsOn], ['db', ''])

    expect(refusal(text, { environment: { SECRET: 'hunter2' } })).toEqual({
      message: `docker-compose.yml line 3: services.web.${sentence}`,
      hint,
    })
  })

  it.each([
    [[['a', 'depends_on: [a]']], 'line 3: services.a.depends_on[0] is refused: it closes the cycle a → a'],
    [
      [
        ['a', 'depends_on: [b]'],
        ['b', 'depends_on: [c]'],
        ['c', 'depends_on: { a: { condition: service_started } }'],
      ],
      'line 5: services.c.depends_on.a is refused: it closes the cycle a → b → c → a',
    ],
    [
      [
        ['web', 'depends_on: [a]'],
        ['a', 'depends_on: [b]'],
        ['b', 'depends_on: [a]'],
      ],
      'line 5: services.b.depends_on[0] is refused: it closes the cycle a → b → a',
    ],
  ] as const)('closes no cycle (%#)', (services, message) => {
    expect(refusal(withServices(...services)).message).toBe(`docker-compose.yml ${message}`)
  })
})

describe('a profile', () => {
  const text = withServices(['web', ''], ['bi', 'profiles: [bi]'], ['graph', 'profiles: [observe, bi]'])

  it.each([
    [[], ['web']],
    [['bi'], ['web', 'bi', 'graph']],
    [['observe'], ['web', 'graph']],
  ])('chooses services: %j gives %j', (profiles, names) => {
    const topology = read(text, { profiles })

    expect(topology.services.map(({ name }) => name)).toEqual(names)
    expect(topology.profiles).toEqual(['bi', 'observe'])
  })

  it('that the file does not have is wrong usage', () => {
    expect(refusal(text, { profiles: ['observ'] })).toEqual({
      message: 'USAGE: there is no profile "observ": docker-compose.yml knows bi, observe',
      hint: '--profile observe',
    })
    expect(refusal(withServices(['web', '']), { profiles: ['bi'] })).toEqual({
      message: 'USAGE: there is no profile "bi": docker-compose.yml has no profiles',
      hint: undefined,
    })
  })

  it('that is not active keeps no service that others need', () => {
    const needy = withServices(['web', 'depends_on: [bi]'], ['bi', 'profiles: [bi]'])

    expect(refusal(needy)).toEqual({
      message:
        'docker-compose.yml line 3: services.web.depends_on[0] is refused: "bi" runs only with the profile bi',
      hint: 'add --profile bi',
    })
    expect(read(needy, { profiles: ['bi'] }).services).toHaveLength(2)
  })
})

describe('a port', () => {
  const port = 'ports: ["127.0.0.1:80:80"]'

  it('is published by one service only', () => {
    expect(refusal(withServices(['a', port], ['b', port])).message).toBe(
      'docker-compose.yml line 4: services.b.ports[0] is refused: "127.0.0.1:80:80" is the same port as that of a',
    )
  })

  it('may be the same in services that do not run together', () => {
    const { services } = read(withServices(['a', port], ['b', `${port}, profiles: [other]`]))

    expect(services).toHaveLength(1)
  })
})

describe('the order', () => {
  const topology = read(
    withServices(
      ['connect', 'depends_on: [kafka-1, kafka-2]'],
      ['kafka-1', ''],
      ['console', 'depends_on: [connect, db]'],
      ['kafka-2', ''],
      ['db', ''],
    ),
  )

  it('starts a service after all that it depends on, and what is free to start together', () => {
    expect(startOrder(topology)).toEqual([['kafka-1', 'kafka-2', 'db'], ['connect'], ['console']])
  })

  it('stops it before all that it depends on', () => {
    expect(stopOrder(topology)).toEqual([['console'], ['connect'], ['kafka-1', 'kafka-2', 'db']])
  })
})
