import { describe, expect, it } from 'vitest'
import { read, refusal } from './read.ts'

const strimzi = (spec: string, name = 'a') =>
  `apiVersion: kafka.strimzi.io/v1beta2\nkind: KafkaConnector\nmetadata: { name: ${name} }\nspec:\n${spec.replace(/^/gm, '  ')}\n`
const jikkou = (spec: string) => strimzi(spec).replace('strimzi.io/v1beta2', 'jikkou.io/v1beta1')
const config = { 'connector.class': 'C', 'tasks.max': '1' }

/** Name, config and state of each, and the notes. */
async function outcome(text: string, file = 'a.yaml') {
  const { connectors, notes } = await read({ [file]: text })
  return [...connectors.map(({ name, config, state }) => ({ name, config, state })), ...notes]
}

describe('a shape that is read', () => {
  const a = { name: 'a', config, state: undefined }
  it.each([
    ['the body of POST', '{"name":"a","config":{"connector.class":"C","tasks.max":1}}', [a]],
    [
      'a body that repeats its name',
      '{"name":"a","config":{"name":"a","connector.class":"C","tasks.max":1}}',
      [a],
    ],
    [
      'a body with a state',
      'name: a\ninitial_state: STOPPED\nconfig: { connector.class: C, tasks.max: 1 }',
      [{ ...a, state: 'stopped' }],
    ],
    [
      'the answer of GET',
      '{"name":"a","config":{"name":"a","connector.class":"C","tasks.max":"1"},"tasks":[{"task":0}],"type":"source"}',
      [a],
    ],
    ['a bare config', 'name: a\nconnector.class: C\ntasks.max: 1', [a]],
    ['a bare config named by its file', 'connector.class: C\ntasks.max: 1', [a]],
    [
      'a list',
      '[{name: a, connector.class: C, tasks.max: 1}, {name: b, config: {connector.class: D}}]',
      [a, { ...a, name: 'b', config: { 'connector.class': 'D' } }],
    ],
    [
      'the answer of GET ?expand=info&expand=status',
      '{"a":{"info":{"name":"a","config":{"name":"a","connector.class":"C","tasks.max":"1"},"tasks":[]},"status":{}}}',
      [a],
    ],
    ['configs by name', 'a: { config: { connector.class: C, tasks.max: 1 } }', [a]],
    [
      'several documents, empty ones among them',
      '---\n---\nname: a\nconnector.class: C\ntasks.max: 1\n---\n# nothing\n---\nname: b\nconnector.class: C\ntasks.max: 1\n---\n',
      [a, { ...a, name: 'b' }],
    ],
    [
      'a KafkaConnector of Strimzi',
      strimzi('class: C\ntasksMax: 1\nconfig: {}\nstate: paused'),
      [{ ...a, state: 'paused' }],
    ],
    [
      'one that Strimzi pauses the old way',
      strimzi('class: C\ntasksMax: 1\npause: true'),
      [{ ...a, state: 'paused' }],
    ],
    [
      'one that Strimzi does not pause',
      strimzi('class: C\ntasksMax: 1\npause: false'),
      [{ ...a, state: 'running' }],
    ],
    [
      'one with both',
      strimzi('class: C\ntasksMax: 1\npause: true\nstate: stopped'),
      [{ ...a, state: 'stopped' }],
    ],
    [
      'what only an operator acts on, with a note',
      strimzi('class: C\ntasksMax: 1\nautoRestart: { enabled: true }').replace(
        '{ name: a }',
        '\n  name: a\n  labels: { strimzi.io/cluster: my }',
      ),
      [
        a,
        'a.yaml line 5: metadata.labels.strimzi.io/cluster is not used: the context says which cluster is meant',
        'a.yaml line 9: spec.autoRestart is not used: only an operator acts on it',
      ],
    ],
    [
      'a KafkaConnector of Jikkou',
      jikkou('connectorClass: C\ntasksMax: 1\nstate: RUNNING'),
      [{ ...a, state: 'running' }],
    ],
    [
      'a list of Jikkou, whose members leave out their kind',
      'apiVersion: kafka.jikkou.io/v1\nkind: KafkaConnectorList\nitems:\n  - metadata: { name: a, labels: { kafka.jikkou.io/connect-cluster: x } }\n    spec: { connectorClass: C, config: { tasks.max: 1 } }\n',
      [
        a,
        'a.yaml line 4: items[0].metadata.labels.kafka.jikkou.io/connect-cluster is not used: the context says which cluster is meant',
      ],
    ],
    [
      'the list of kubectl',
      `apiVersion: v1\nkind: List\nitems:\n- ${strimzi('class: C\ntasksMax: 1').replace(/\n(?=.)/g, '\n  ')}`,
      [a],
    ],
    [
      'a connector among other resources, which are skipped with a note',
      `apiVersion: kafka.strimzi.io/v1\nkind: KafkaConnect\nmetadata: { name: connect }\n---\n${strimzi('class: C\ntasksMax: 1')}`,
      [a, 'a.yaml line 1: KafkaConnect "connect" is skipped: it is no connector'],
    ],
  ])('is %s', async (_, text, expected) => {
    expect(await outcome(text)).toEqual(expected)
  })
})

describe('a shape that is refused', () => {
  it.each([
    [
      'nothing known',
      'a: 1\nb: 2',
      'line 1: is no connector: a mapping with the keys "a", "b" was found, accepted are a config with the key "connector.class"; a KafkaConnector of Strimzi (kafka.strimzi.io); a KafkaTopic of Strimzi (kafka.strimzi.io); a KafkaConnector of Jikkou (kafka.jikkou.io); a List, KafkaConnectorList or KafkaTopicList of such resources; {"name", "config": {…}}; {NAME: {"info": {"name", "config"}}} as GET /connectors?expand=info gives it; a list of these',
    ],
    ['a text', 'hunter2', expect.stringMatching(/^line 1: is no connector: a text was found, accepted/)],
    ['an empty mapping', '{}', expect.stringMatching(/^line 1: is no connector: a mapping was found/)],
    ['an empty list', '[]', 'a.yaml: no connector is declared there: nothing to read'],
    ['a body without class', 'name: a\nconfig: { k: v }', 'line 2: config has no "connector.class"'],
    [
      'a body whose config is no mapping',
      'name: a\nconfig: 1',
      'line 2: config is refused: a number stands where keys and values belong',
    ],
    [
      'two names',
      'name: a\nconfig:\n  name: b\n  connector.class: C',
      'line 3: config.name is refused: "b" is not "a", the name given around it',
    ],
    [
      'two names in the answer of GET',
      'a: { info: { name: b, config: { connector.class: C } } }',
      'line 1: a is refused: the name in it is "b"',
    ],
    [
      'a misspelt key',
      'name: a\nintial_state: PAUSED\nconfig: { connector.class: C }',
      'line 2: intial_state is refused: Connect knows no key "intial_state" beside "config"',
    ],
    [
      'an unknown state',
      'name: a\ninitial_state: HALTED\nconfig: { connector.class: C }',
      'line 2: initial_state is refused: "HALTED" is none of running, paused, stopped',
    ],
    [
      'a name that is a list',
      'name: [a]\nconfig: { connector.class: C }',
      'line 1: name is refused: a list stands where a text belongs',
    ],
    ['an empty name', 'name: ""\nconnector.class: C', 'line 1: has an empty name'],
    [
      'white space around a name',
      'name: "a "\nconnector.class: C',
      'line 1: white space stands around the name "a "',
    ],
    [
      'a control character in a name',
      'name: "a\\u0007b"\nconnector.class: C',
      'line 1: a control character stands in the name "a\\u0007b"',
    ],
    ['a list member without name', '- connector.class: C', 'line 1: [0] has no name'],
    [
      'a document without name among several',
      'connector.class: C\n---\nname: b\nconnector.class: C',
      'line 1: has no name',
    ],
    [
      'an unknown version of Strimzi',
      strimzi('class: C').replace('v1beta2', 'v9'),
      'line 1: apiVersion is refused: "kafka.strimzi.io/v9" is none of kafka.strimzi.io/v1, kafka.strimzi.io/v1beta2, kafka.strimzi.io/v1beta1',
    ],
    [
      'somebody else’s KafkaConnector',
      strimzi('class: C').replace('strimzi', 'other'),
      'line 1: apiVersion is refused: no KafkaConnector of "kafka.other.io/v1beta2" is known here',
    ],
    ['a resource without class', strimzi('config: {}'), 'line 4: spec has no class'],
    [
      'a resource without spec',
      'apiVersion: kafka.jikkou.io/v1\nkind: KafkaConnector\nmetadata: { name: a }',
      'line 1: has no spec',
    ],
    ['a resource without name', strimzi('class: C').replace('name: a', ''), 'line 1: has no metadata.name'],
    [
      'a misspelt key in a spec',
      strimzi('class: C\ntaskMax: 4'),
      'line 6: spec.taskMax is refused: unknown key',
    ],
    [
      'a class said in two ways',
      strimzi('class: C\nconfig: { connector.class: D }'),
      'line 6: spec.config.connector.class is refused: the spec says "C" beside it',
    ],
    [
      'a pause that is neither',
      strimzi('class: C\npause: soon'),
      'line 6: spec.pause is refused: it is neither true nor false',
    ],
    ['a list without items', 'apiVersion: v1\nkind: List', 'line 1: has no items'],
    [
      'other resources alone',
      'apiVersion: apps/v1\nkind: Deployment',
      'a.yaml: no connector is declared there: a.yaml line 1: Deployment is skipped: it is no connector',
    ],
  ])('is %s', async (_, text, message) => {
    expect((await refusal({ 'a.yaml': text })).message.replace(/^a\.yaml (?=line)/, '')).toEqual(message)
  })

  it.each([
    ['conector.class: C', 'write "connector.class" instead of "conector.class"'],
    ['name: a\nconfig: { connector.clas: C }', 'write "connector.class" instead of "connector.clas"'],
    [
      'name: a\nintial_state: PAUSED\nconfig: { connector.class: C }',
      'write "initial_state" instead of "intial_state"',
    ],
    [strimzi('class: C\ntaskMax: 4'), 'write "tasksMax" instead of "taskMax"'],
    ['- connector.class: C', 'write "name": "NAME" into it, or say -n NAME where it is the only one'],
  ])('names what was probably meant: %j', async (text, hint) => {
    expect((await refusal({ 'a.yaml': text })).hint).toBe(hint)
  })
})
