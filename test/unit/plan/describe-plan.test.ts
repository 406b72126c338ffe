import { expect, it } from 'vitest'
import { describePlan, toRows } from '../../../control/plan/describe-plan.ts'
import type { KeyChange, PlannedChange } from '../../../control/plan/planned-change.ts'

const change = (one: Partial<PlannedChange>): PlannedChange => ({
  name: 'c',
  kind: 'configure',
  risk: 'restarts-tasks',
  keys: [],
  notes: [],
  ...one,
})
const key = (name: string, from: string | undefined, to: string | undefined): KeyChange => ({
  key: name,
  from,
  to,
})

it('shows a block for each change and one line for the unchanged', () => {
  const plan = [
    change({
      name: 'sites-source',
      keys: [
        key('poll.interval.ms', '10', '20'),
        key('table.include.list', 'public.A,public.B', 'public.B, public.C'),
      ],
      notes: ['rows that are already in public.C do not come by themselves'],
    }),
    change({ name: 'same', kind: 'none' }),
    change({
      name: 'new',
      kind: 'create',
      risk: 'safe',
      keys: [
        key('connector.class', undefined, 'org.example.A'),
        key('a', undefined, '1'),
        key('b', undefined, '2'),
      ],
    }),
    change({ name: 'same-2', kind: 'none' }),
    change({ name: 'p', kind: 'set-state', risk: 'safe', keys: [key('state', 'paused', 'running')] }),
    change({ name: 'f', kind: 'restart', notes: ['task 0 is FAILED on w:8083'] }),
    change({
      name: 'old',
      kind: 'delete',
      risk: 'loses-position',
      keys: [key('connector.class', 'org.example.B', undefined)],
    }),
  ]

  expect(describePlan(plan)).toBe(
    `~ configure  sites-source  restarts-tasks
    poll.interval.ms: 10 → 20
    table.include.list: + public.C  - public.A
    ! rows that are already in public.C do not come by themselves
+ create     new           safe
    connector.class: org.example.A
    and 2 more keys
› set-state  p             safe
    state: paused → running
↻ restart    f             restarts-tasks
    ! task 0 is FAILED on w:8083
- delete     old           loses-position
    connector.class: org.example.B
2 unchanged
`,
  )
})

it.each([
  ['a', undefined, 'x', 'a: + x'],
  ['a', 'x', undefined, 'a: - x'],
  ['a', '', 'x', 'a: "" → x'],
  ['password', '***', '***', 'password: *** → *** (another value)'],
  ['transforms', 'a,b', 'b,a', 'transforms: a,b → b,a'],
  ['query', 'select a,b', 'select a,c', 'query: select a,b → select a,c'],
  ['heartbeat.action.query', 'f(a,b)', 'f(a,c)', 'heartbeat.action.query: f(a,b) → f(a,c)'],
  ['note', 'hello, my world', 'hello, your world', 'note: hello, my world → hello, your world'],
  ['a', 'x', 'x\n\u001b[2J', 'a: x → "x\\n\\u001b[2J"'],
  ['a', 'x', 'x\u009b', 'a: x → "x\\u009b"'],
])('shows %s from %s to %s as one line', (name, from, to, line) => {
  expect(describePlan([change({ keys: [key(name, from, to)] })]).split('\n')[1]).toBe(`    ${line}`)
})

it('says nothing of an empty plan', () => {
  expect(describePlan([])).toBe('')
  expect(describePlan([change({ kind: 'none' })])).toBe('1 unchanged\n')
})

it('gives machines the names of the keys, not their values', () => {
  expect(toRows([change({ keys: [key('a', '1', '2')], notes: ['n'] })])).toEqual([
    { name: 'c', kind: 'configure', risk: 'restarts-tasks', keys: ['a'], notes: ['n'] },
  ])
})
