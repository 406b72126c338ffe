import { expect, test } from 'vitest'
import { judgeSoak, type Sample } from '../../soak/judge-soak.ts'

/** Thirty samples; each value from the share of the time that is over. */
function samples(of: (share: number) => Partial<Omit<Sample, 'seconds'>>): readonly Sample[] {
  const level = { memory: { console: 100 }, slotLag: { 'sites-db': 1 }, latency: [18, 20, 60] }
  return Array.from({ length: 30 }, (_, index) => ({ seconds: index * 5, ...level, ...of(index / 30) }))
}

test('what is level is no complaint, whatever the warm-up was', () => {
  const verdict = judgeSoak(
    samples(share => (share < 0.3 ? { memory: { console: 20 }, latency: [900] } : {})),
  )
  expect(verdict.complaints).toEqual([])
  expect(verdict.memory).toEqual([{ name: 'console', of: [20, 100, 100] }])
  expect([verdict.p50.of, verdict.p99.of]).toEqual([
    [900, 20, 20],
    [900, 60, 60],
  ])
})

test('memory that grows all the time is told with its process', () => {
  const leak = samples(share => ({ memory: { console: 100, connect: 300 + Math.round(share * 600) } }))
  expect(judgeSoak(leak).complaints).toEqual(['connect grew from 600 to 800 MB'])
})

test('latency that rises and a slot that fills are told', () => {
  const slower = samples(share => ({
    latency: [share > 0.7 ? 90 : 20],
    slotLag: { 'sites-db': share * 100 },
  }))
  expect(judgeSoak(slower).complaints).toEqual([
    'latency grew from 20 to 90 ms at the median',
    expect.stringMatching(/^a slot held back 96\.\d+ MB$/),
  ])
})
