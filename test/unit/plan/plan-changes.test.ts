import { describe, expect, it } from 'vitest'
import type { Connector } from '../../../control/connect/connect-api.ts'
import type { DeclaredConnector, DeclaredState } from '../../../control/declared/declared-connector.ts'
import type { PlannedChange } from '../../../control/plan/planned-change.ts'
import { declare, deployed, plan, shipped, shippedNames } from './fixtures.ts'

const a = { 'connector.class': 'org.example.A', 'some.key': '1' }
const failedTask = { id: 1, state: 'FAILED', workerId: 'w:8083', trace: 'password=hunter2' }
const brief = (changes: readonly PlannedChange[]) => changes.map(({ name, kind }) => `${kind} ${name}`)

describe('planChanges', () => {
  it('is empty when the live config equals the file, for every shipped connector', () => {
    const changes = plan({
      declared: shippedNames.map(name => declare(name, shipped(name), 'running')),
      live: shippedNames.map(name => deployed(name, shipped(name))),
    })

    expect(changes).toEqual(
      shippedNames.map(name => ({ name, kind: 'none', risk: 'safe', keys: [], notes: [] })),
    )
  })

  it('is empty when the file spells out every default of the shipped connectors', () => {
    const withDefault = {
      'snapshot.mode': 'initial',
      'database.tcpKeepAlive': 'TRUE',
      'errors.retry.timeout': '00',
    }
    const config = { ...shipped('sites-source'), 'transforms.unwrap.add.fields': '', 'slot.max.retries': '6' }

    const [change] = plan({
      declared: [declare('s', { ...config, ...withDefault })],
      live: [deployed('s', shipped('sites-source'))],
    })

    expect(change).toMatchObject({ kind: 'none' })
  })

  it('keeps the declared order, with the unchanged among them, and deletes last by name', () => {
    const changes = plan({
      declared: [declare('z', a), declare('m', a), declare('b', { ...a, 'some.key': '2' })],
      live: [deployed('y', a), deployed('m', a), deployed('b', a), deployed('c', a)],
      owned: ['y', 'c', 'gone'],
      isPruning: true,
    })

    expect(brief(changes)).toEqual(['create z', 'none m', 'configure b', 'delete c', 'delete y'])
  })

  it('deletes only when pruning, and only what was applied from here', () => {
    const live = [deployed('mine', a), deployed('theirs', a)]

    expect(plan({ live, owned: ['mine'] })).toEqual([])
    expect(brief(plan({ live, owned: ['mine'], isPruning: true }))).toEqual(['delete mine'])
  })

  it.each<[DeclaredState | undefined, string, string]>([
    [undefined, 'PAUSED', 'none'],
    [undefined, 'STOPPED', 'none'],
    ['running', 'RUNNING', 'none'],
    ['running', 'UNASSIGNED', 'none'],
    ['running', 'RESTARTING', 'none'],
    ['running', 'FAILED', 'restart'],
    ['running', 'PAUSED', 'set-state'],
    ['running', 'STOPPED', 'set-state'],
    ['paused', 'RUNNING', 'set-state'],
    ['paused', 'PAUSED', 'none'],
    ['paused', 'STOPPED', 'set-state'],
    ['stopped', 'FAILED', 'set-state'],
    ['stopped', 'STOPPED', 'none'],
  ])('declared %s and found %s: %s', (state, found, kind) => {
    const [change] = plan({ declared: [declare('c', a, state)], live: [deployed('c', a, { state: found })] })

    expect(change?.kind).toBe(kind)
  })

  it('has the one key state where only the state differs', () => {
    const live = [deployed('c', a, { state: 'PAUSED' })]

    expect(plan({ declared: [declare('c', a, 'running')], live })).toEqual([
      {
        name: 'c',
        kind: 'set-state',
        risk: 'safe',
        keys: [{ key: 'state', from: 'paused', to: 'running' }],
        notes: [],
      },
    ])
  })

  it('configures and sets the state in one change, its keys sorted', () => {
    const live = [deployed('c', a)]

    const [change] = plan({ declared: [declare('c', { ...a, 'some.key': '2', z: '' }, 'stopped')], live })

    expect(change).toEqual({
      name: 'c',
      kind: 'configure',
      risk: 'restarts-tasks',
      keys: [
        { key: 'some.key', from: '1', to: '2' },
        { key: 'state', from: 'running', to: 'stopped' },
        { key: 'z', from: undefined, to: '' },
      ],
      notes: [],
    })
  })

  it('restarts what runs with a failed task, and does not show its trace', () => {
    const [change] = plan({ declared: [declare('c', a)], live: [deployed('c', a, { tasks: [failedTask] })] })

    expect(change).toEqual({
      name: 'c',
      kind: 'restart',
      risk: 'restarts-tasks',
      keys: [],
      notes: ['task 1 is FAILED on w:8083'],
    })
  })

  it('says that resuming alone does not help a failed task', () => {
    const live = [deployed('c', a, { state: 'PAUSED', tasks: [failedTask] })]

    const [change] = plan({ declared: [declare('c', a, 'running')], live })

    expect(change?.notes).toEqual([
      'resuming does not restart what failed: npx trib restart c --tasks failed',
      'task 1 is FAILED on w:8083',
    ])
  })

  it('masks secrets on both sides, and still sees that they differ', () => {
    const [change] = plan({
      declared: [declare('c', { ...a, 'x.password': 'new' })],
      live: [deployed('c', { ...a, 'x.password': 'old' })],
    })

    expect(change?.keys).toEqual([{ key: 'x.password', from: '***', to: '***' }])
  })

  it('creates with every key, and with the state if it is not running', () => {
    const [paused, running] = plan({ declared: [declare('p', a, 'paused'), declare('r', a, 'running')] })

    expect(paused).toMatchObject({ kind: 'create', risk: 'safe' })
    expect(paused?.keys.map(({ key }) => key)).toEqual(['connector.class', 'some.key', 'state'])
    expect(running?.keys.map(({ key }) => key)).toEqual(['connector.class', 'some.key'])
  })

  it('warns of the default publication when it creates a source', () => {
    const { 'publication.autocreate.mode': _, ...config } = shipped('sites-source')

    const [change] = plan({ declared: [declare('s', config)] })

    expect(change?.risk).toBe('safe')
    expect(change?.notes).toEqual([expect.stringContaining('the default publishes all tables')])
  })

  it('says what a deleted Debezium source leaves behind, with the SQL that removes it', () => {
    const live = [deployed('s', shipped('sites-source'))]

    const [change] = plan({ live, owned: ['s'], isPruning: true })

    expect(change).toMatchObject({ kind: 'delete', risk: 'loses-position' })
    expect(change?.notes).toEqual([
      `its slot 'tributary_sites' and publication 'tributary_sites' stay in the database, and the slot holds back WAL; where nobody needs them any more: select pg_drop_replication_slot('tributary_sites'); drop publication "tributary_sites"`,
      'its offsets stay in Kafka Connect: a source created under this name and with the same topic.prefix goes on from there',
    ])
  })

  it.each([
    [{}, 'connect-w'],
    [{ 'consumer.override.group.id': 'own' }, 'own'],
  ])('says that the offsets of a deleted sink stay, %j', (more, group) => {
    const live = [deployed('w', { ...shipped('warehouse-sink'), ...more })]

    const [change] = plan({ live, owned: ['w'], isPruning: true })

    expect(change).toMatchObject({ kind: 'delete', risk: 'loses-position' })
    expect(change?.notes).toEqual([
      expect.stringContaining(`the offsets of its group '${group}' stay in Kafka`),
    ])
  })

  it('says that a stopped Debezium source holds back WAL', () => {
    const config = shipped('sites-source')

    const [change] = plan({ declared: [declare('s', config, 'stopped')], live: [deployed('s', config)] })

    expect(change?.notes).toEqual(["while it is stopped, its slot 'tributary_sites' holds back WAL"])
  })
})

const liveState: Readonly<Record<DeclaredState, string>> = {
  running: 'RUNNING',
  paused: 'PAUSED',
  stopped: 'STOPPED',
}

/** What Connect would have after the plan was carried out. */
function simulate(
  live: readonly Connector[],
  declared: readonly DeclaredConnector[],
  changes: readonly PlannedChange[],
): readonly Connector[] {
  const after = new Map(live.map(connector => [connector.name, connector]))
  for (const { name, kind } of changes) {
    const found = after.get(name)
    const wanted = declared.find(one => one.name === name)
    if (kind === 'delete') after.delete(name)
    if (kind === 'none' || !wanted) continue
    const state = wanted.state ? liveState[wanted.state] : (found?.state ?? 'RUNNING')
    after.set(name, deployed(name, wanted.config, { state: state === 'FAILED' ? 'RUNNING' : state }))
  }
  return [...after.values()]
}

describe('after a plan was carried out', () => {
  // Every declared state against every live one, with and without another config and a failure; also absent.
  const states = [undefined, 'running', 'paused', 'stopped'] as const
  const found = ['RUNNING', 'PAUSED', 'STOPPED', 'FAILED', 'UNASSIGNED'] as const
  const configs = shippedNames.map(shipped)
  const cases = configs.flatMap((config, index) =>
    states.flatMap(state =>
      found.flatMap(live =>
        [config, { ...config, 'tasks.max': '2' }, undefined].map(before => ({
          config,
          state,
          live,
          before,
          index,
        })),
      ),
    ),
  )

  it('the next plan has no change', () => {
    const named = cases.map((one, index) => ({ ...one, name: `c${index}` }))
    const declared = named.map(({ name, config, state }) => declare(name, config, state))
    const live = named.flatMap(({ name, before, live: state }) =>
      before ? deployed(name, before, { state }) : [],
    )
    const input = { declared, owned: ['old'], isPruning: true }
    const withOld = [...live, deployed('old', a)]

    const first = plan({ ...input, live: withOld })
    const second = plan({ ...input, live: simulate(withOld, declared, first) })

    expect(new Set(first.map(({ kind }) => kind)).size).toBe(6)
    expect(second.filter(({ kind }) => kind !== 'none')).toEqual([])
  })
})
