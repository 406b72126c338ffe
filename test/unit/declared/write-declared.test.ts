import { describe, expect, it } from 'vitest'
import { fileNames } from '../../../control/declared/file-names.ts'
import {
  type WritableConnector,
  writeDeclared,
  writeFormats,
} from '../../../control/declared/write-declared.ts'
import { fakerFrom, randomAt } from '../../../generators/random-at.ts'
import { read } from './read.ts'

const config = { 'z.last': 'on', 'tasks.max': '2', 'connector.class': 'C', 'a.first': 'it\'s "x"\n' }

describe('what is written', () => {
  it.each([
    [
      'json',
      undefined,
      '{\n  "name": "a",\n  "connector.class": "C",\n  "tasks.max": "2",\n  "a.first": "it\'s \\"x\\"\\n",\n  "z.last": "on"\n}\n',
    ],
    [
      'json',
      'paused',
      '{\n  "name": "a",\n  "initial_state": "PAUSED",\n  "config": {\n    "connector.class": "C",\n    "tasks.max": "2",\n    "a.first": "it\'s \\"x\\"\\n",\n    "z.last": "on"\n  }\n}\n',
    ],
    [
      'yaml',
      undefined,
      'name: "a"\nconnector.class: "C"\ntasks.max: "2"\na.first: "it\'s \\"x\\"\\n"\nz.last: "on"\n',
    ],
    [
      'yaml',
      'stopped',
      'name: "a"\ninitial_state: STOPPED\nconfig:\n  connector.class: "C"\n  tasks.max: "2"\n  a.first: "it\'s \\"x\\"\\n"\n  z.last: "on"\n',
    ],
    [
      'strimzi',
      'paused',
      'apiVersion: kafka.strimzi.io/v1\nkind: KafkaConnector\nmetadata:\n  name: "a"\n  labels:\n    # The name of your KafkaConnect; without this label Strimzi leaves the connector alone.\n    strimzi.io/cluster: connect\nspec:\n  class: "C"\n  tasksMax: 2\n  state: paused\n  config:\n    a.first: "it\'s \\"x\\"\\n"\n    z.last: "on"\n',
    ],
  ] as const)('is %s, with the state %s', (format, state, text) => {
    expect(writeDeclared([{ name: 'a', config, state }], format)).toEqual({
      files: [{ file: format === 'json' ? 'a.json' : 'a.yaml', text }],
      replaced: [],
    })
  })

  it('refers to secrets, each by a variable of its own', () => {
    const secret = { 'connector.class': 'C', 'database.password': 'hunter2' }
    const { files, replaced } = writeDeclared(
      [
        { name: 'a-b', config: { ...secret, url: 'x://u:hunter3@h/?password=hunter4' } },
        { name: 'a.b', config: { ...secret, 'ssl.key.password': '${env:KEPT}' } },
      ],
      'json',
    )

    expect(files.map(({ text }) => text).join('')).not.toContain('hunter')
    expect(files[1]?.text).toContain('"ssl.key.password": "${env:KEPT}"')
    expect(replaced).toEqual([
      { name: 'a-b', key: 'database.password', variable: 'A_B_DATABASE_PASSWORD' },
      { name: 'a-b', key: 'url', variable: 'A_B_URL_PASSWORD' },
      { name: 'a-b', key: 'url', variable: 'A_B_URL_PASSWORD_2' },
      { name: 'a.b', key: 'database.password', variable: 'A_B_DATABASE_PASSWORD_2' },
    ])
  })
})

describe('a file name', () => {
  it('is one on every system, and another for each connector', () => {
    const names = [
      'a',
      'A',
      'a/b',
      '../../etc/passwd',
      '..',
      '.hidden',
      '-f',
      '',
      'con',
      'straße',
      'STRASSE',
      'é',
      'e\u0301',
      'a\u0000b',
      '日本',
      'x'.repeat(300),
    ]

    expect(fileNames(names, '.json')).toEqual([
      'a.json',
      'A-2.json',
      'a-b.json',
      'etc-passwd.json',
      'connector.json',
      'hidden.json',
      'f.json',
      'connector-2.json',
      'connector-con.json',
      'straße.json',
      'STRASSE-2.json',
      'é.json',
      'é-2.json',
      'a-b-2.json',
      '日本.json',
      `${'x'.repeat(60)}.json`,
    ])
  })
})

describe('reading what was written', () => {
  const odd = [
    '',
    ' ',
    ' a ',
    '~',
    'null',
    'true',
    'no',
    'on',
    'y',
    '1e5',
    '0x10',
    '007',
    '1.0',
    '-',
    '?',
    ':',
    '- a',
    'a: b',
    '# no',
    '<<',
    '*a',
    '&a',
    '!a',
    '%a',
    '@a',
    '`a',
    '|',
    '>',
    '---',
    '...',
    '{}',
    '[1]',
    "'",
    '"',
    '\\',
    '\n',
    '\r\n',
    '\t',
    ' \n ',
    'a\n\n b\n',
    '\u0000\u0007\u001b',
    '\u007f\u0085\u2028\u2029\ufeff',
    'é 日本 😀',
    '\ud800',
    '__proto__',
    'constructor',
    'toString',
    '${env:X}',
    '${topic}',
    'x'.repeat(5000),
    '{{ x }}',
  ]
  /** Parts of odd texts, one after the other. */
  const texts = (index: number) => {
    const faker = fakerFrom(randomAt(20260101, 'declared', index))
    const text = () => faker.helpers.arrayElements(odd, { min: 1, max: 3 }).join('')
    const keys = Array.from({ length: 12 }, text)
    return { keys, text, name: text }
  }

  it.each(writeFormats)('gives the same: %s', async format => {
    const connectors: WritableConnector[] = Array.from({ length: 60 }, (_, index) => {
      const { keys, text, name } = texts(index)
      const clean = name()
        .replace(/\p{Cc}/gu, '')
        .trim()
      const values = keys.filter(key => key !== 'name').map(key => [key, text()] as const)
      return {
        name: `${clean}${index}`,
        config: Object.fromEntries([
          ...values,
          ['connector.class', text() || 'C'],
          ['tasks.max', text()],
          ['connector.plugin.version', text()],
        ]),
        state: (['running', 'paused', 'stopped', undefined] as const)[index % 4],
      }
    })

    const { files, replaced } = writeDeclared(connectors, format)
    const { connectors: given, notes } = await read(
      Object.fromEntries(files.map(({ file, text }) => [file, text])),
    )

    expect(replaced).toEqual([])
    expect(given.map(({ name, config, state }) => ({ name, config, state }))).toEqual(connectors)
    expect(notes.filter(note => !note.includes('strimzi.io/cluster'))).toEqual([])
  })
})
