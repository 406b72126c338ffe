import { describe, expect, it } from 'vitest'
import type { ConnectorConfig, KeyFinding } from '../../../control/connect/connect-api.ts'
import { findConfigProblems } from '../../../control/plan/find-config-problems.ts'
import { keysOf, shipped, shippedNames } from './fixtures.ts'

const postgres = shipped('sites-source')
const sink = shipped('warehouse-sink')

const check = (
  config: ConnectorConfig,
  errors: Readonly<Record<string, string>> = {},
  isAllowingUnknown = false,
) => {
  const known = keysOf(config)
  const findings: readonly KeyFinding[] = [...known.values()].map(definition => {
    const error = errors[definition.name]
    return { definition, errors: error === undefined ? [] : [error] }
  })
  return findConfigProblems({ config, findings, known, isAllowingUnknown })
}

describe('unknown keys', () => {
  it.each(shippedNames)('there are none in %s', name => {
    expect(check(shipped(name))).toEqual({ errors: [], warnings: [] })
  })

  it.each([
    ['database.hostnme', 'database.hostname'],
    ['poll.intervall.ms', 'poll.interval.ms'],
    ['pol.intervl.ms', 'poll.interval.ms'],
    ['poll.interval.sm', 'poll.interval.ms'],
    ['Poll.Interval.Ms', 'poll.interval.ms'],
    ['database.sslMode', 'database.sslmode'],
    ['offset.mismatch.strategie', 'offset.mismatch.strategy'],
    ['transforms.unwrap.add.feilds', 'transforms.unwrap.add.fields'],
    ['transforms.unwrap.tpye', 'transforms.unwrap.type'],
    ['value.converter.schema.enable', 'value.converter.schemas.enable'],
    ['error.tolerance', 'errors.tolerance'],
    ['errors.tolerence', 'errors.tolerance'],
    ['topic.creation.default.partition', 'topic.creation.default.partitions'],
  ])('%s is refused, as %s was meant', (key, meant) => {
    expect(check({ ...postgres, [key]: '1' })).toEqual({
      errors: [`unknown key '${key}'; did you mean '${meant}'?`],
      warnings: [],
    })
  })

  it.each([
    'database.socketFactory',
    'driver.ssl.mode',
    'producer.override.linger.ms',
    'admin.override.x',
    'internal.whatever',
    'signal.kafka.topic',
    'signal.consumer.security.protocol',
    'schema.history.internal.producer.acks',
    'snapshot.select.statement.overrides.public.SitesUsers',
    'notification.sink.topic.name',
    'topic.creation.default.cleanup.policy',
    'column.mask.with.10.chars',
    'column.truncate.to.20.chars',
    'column.mask.hash.SHA-256.with.salt.x',
    'transforms.unwrap.predicate',
    'transforms.unwrap.replace.null.with.default',
    'value.converter.schema.registry.url',
    'money.fraction.digits',
    'name',
  ])('%s is let pass', key => {
    expect(check({ ...postgres, [key]: '1' })).toEqual({ errors: [], warnings: [] })
  })

  it('lets the keys of named converters and post-processors pass', () => {
    const own = {
      converters: 'iso',
      'iso.type': 'X',
      'post.processors': 're',
      're.type': 'Y',
      're.mode': 'z',
    }

    expect(check({ ...postgres, ...own })).toEqual({ errors: [], warnings: [] })
  })

  it.each([
    ['something.else.entirely', "the plugin does not list the key 'something.else.entirely'"],
    [
      'snapshot.maximal.threads',
      "the plugin does not list the key 'snapshot.maximal.threads'; did you mean 'snapshot.max.threads'?",
    ],
    [
      'transforms.unwrap.drop.tombstones',
      "the plugin does not list the key 'transforms.unwrap.drop.tombstones'; did you mean",
    ],
  ])('%s is warned of', (key, sentence) => {
    const { errors, warnings } = check({ ...postgres, [key]: '1' })

    expect(errors).toEqual([])
    expect(warnings).toEqual([expect.stringContaining(sentence)])
  })

  it('a key of a transform that is not in the list is refused where the list has one like it', () => {
    expect(check({ ...postgres, 'transforms.unwarp.add.fields': 'op' }).errors).toEqual([
      "unknown key 'transforms.unwarp.add.fields': 'unwarp' is not in 'transforms'; did you mean 'transforms.unwrap.add.fields'?",
    ])
    expect(check({ ...postgres, 'transforms.filter.type': 'X' }).warnings).toEqual([
      "unknown key 'transforms.filter.type': 'filter' is not in 'transforms'",
    ])
  })

  it('a key of one transform is no slip for that of another', () => {
    const two = {
      ...sink,
      transforms: 'route,rout2',
      'transforms.rout2.type': 'org.example.Own',
      'transforms.rout2.regex': 'x',
    }

    expect(check(two)).toEqual({ errors: [], warnings: [] })
  })

  it('a sink of another maker does not pass database keys on', () => {
    const config = { 'connector.class': 'org.example.HttpSinkConnector', 'database.whatever': 'x' }
    const known = new Map([...keysOf(sink)].filter(([key]) => key in config))

    expect(findConfigProblems({ config, findings: [], known }).warnings).toEqual([
      "the plugin does not list the key 'database.whatever'",
    ])
  })

  it('are not looked for where the plugin could not be asked', () => {
    expect(check({ 'connector.class': 'org.example.Unheard', 'some.key': 'x' })).toEqual({
      errors: [],
      warnings: [],
    })
  })

  it('is only warned of where unknown keys are allowed', () => {
    expect(check({ ...postgres, 'database.hostnme': '1' }, {}, true)).toEqual({
      errors: [],
      warnings: ["unknown key 'database.hostnme'; did you mean 'database.hostname'?"],
    })
  })
})

describe("Connect's errors", () => {
  it.each([
    [
      'tasks.max',
      'x',
      'Invalid value x for configuration tasks.max: Not a number of type INT',
      "'tasks.max' 'x' is refused: Not a number of type INT",
    ],
    [
      'topic.prefix',
      '',
      "The 'topic.prefix' value is invalid: A value is required",
      "'topic.prefix' '' is refused: A value is required",
    ],
    [
      'database.hostname',
      '',
      'Missing required configuration "database.hostname" which has no default value.',
      "'database.hostname' is missing: it is required",
    ],
    [
      'database.hostname',
      '${env:H}',
      'Invalid value 10.0.0.9 for configuration database.hostname: Cannot be reached.\n  Try later.',
      "'database.hostname' '${env:H}' is refused: Cannot be reached. Try later",
    ],
  ])('%s = %s becomes a sentence', (key, value, error, sentence) => {
    expect(check({ ...postgres, [key]: value }, { [key]: error }).errors).toEqual([sentence])
  })

  it.each([
    ['database.password', 'hunter2'],
    ['database.password', '${env:PW}'],
    ['database.initial.statements', 'set role x ${env:OTHER_TOKEN}'],
  ])('of the secret %s = %s are not shown', (key, value) => {
    const { errors } = check(
      { ...postgres, [key]: value },
      { [key]: 'Invalid value hunter2: hunter2 is too short' },
    )

    expect(errors).toEqual([`'${key}' is refused; why is not shown here, as that may tell the secret`])
  })

  it('do not show a secret that they repeat from another key or from a URL', () => {
    const config = {
      ...sink,
      'connection.password': 'hunter2',
      'connection.url': 'jdbc:postgresql://u:hunter3@h/d?password=hunter4',
    }

    const { errors } = check(config, {
      'connection.url': 'cannot log in with hunter2 at postgresql://u:hunter3@h/d?password=hunter4',
    })

    expect(errors).toHaveLength(1)
    expect(errors.join()).not.toMatch(/hunter/)
  })
})
