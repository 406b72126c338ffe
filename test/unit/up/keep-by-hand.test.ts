import { expect, test } from 'vitest'
import type { HistoryKind, RevisionSummary } from '../../../control/history/history.ts'
import { keepByHand } from '../../../control/up/keep-by-hand.ts'

const revision = (kind: HistoryKind, ...keys: string[]): RevisionSummary => ({
  ...{ revision: 1, at: '2026-11-27T00:00:00.000Z', name: 'sink', kind, keys, state: undefined },
})

type Config = Record<string, string>

function kept(inFile: Config, live: Config, revisions: readonly RevisionSummary[] = [], applied?: Config) {
  return keepByHand(
    { name: 'sink', config: inFile, state: undefined, origin: { file: 'sink.json', line: undefined } },
    { live, revisions, applied },
  ).config
}

test('tables and topics that were added stay, those of the files come first, and new ones of the files come', () => {
  expect(
    kept(
      { 'table.include.list': 'public.a,tributary.log', topics: 'x.a,x.log' },
      { 'table.include.list': 'public.a, public.mine', topics: 'x.a,x.mine' },
    ),
  ).toEqual({ 'table.include.list': 'public.a,tributary.log,public.mine', topics: 'x.a,x.log,x.mine' })
})

test('a table that was removed stays removed', () => {
  const applied = { topics: 'x.a,x.b' }
  expect(kept({ topics: 'x.a,x.b,x.new' }, { topics: 'x.b,x.mine' }, [], applied)).toEqual({
    topics: 'x.b,x.new,x.mine',
  })
})

test('a key that was patched last stays as it was patched, there, changed or gone', () => {
  const revisions = [
    revision('patch', 'batch.size', 'poll', 'added'),
    revision('create', 'batch.size', 'poll'),
  ]
  expect(kept({ 'batch.size': '2000', poll: '10' }, { 'batch.size': '500', added: 'x' }, revisions)).toEqual({
    'batch.size': '500',
    added: 'x',
  })
  expect(kept({ a: '1' }, { a: '2' }, [revision('rollback', 'a')])).toEqual({ a: '2' })
})

test('a key that the files changed since, or nobody here, is as the files say', () => {
  const revisions = [revision('configure', 'a'), revision('patch', 'a', 'b'), revision('create', 'a', 'b')]
  expect(kept({ a: '1', b: '1', c: '1' }, { a: '2', b: '2', c: '2', d: '2' }, revisions)).toEqual({
    ...{ a: '1', b: '2', c: '1' },
  })
})
