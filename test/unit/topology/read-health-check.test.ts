import { describe, expect, it } from 'vitest'
import { parseDurationMs } from '../../../control/topology/duration.ts'
import { readWeb, webRefusal } from './read.ts'

const http = { kind: 'http', url: 'http://127.0.0.1:80/health' } as const
const postgres = { kind: 'postgres', host: '127.0.0.1', port: 5432, user: 'u', database: 'd' } as const

describe('the test of a health check', () => {
  it.each([
    ['[CMD, pg_isready, -q, -h, 127.0.0.1, -p, "$PORT", -U, u, -d, d]', postgres],
    ['[CMD, pg_isready, -d, d, -U, u, -p, "5432", -h, 127.0.0.1]', postgres],
    ['[CMD, nc, -z, 127.0.0.1, "$PORT"]', { kind: 'tcp', host: '127.0.0.1', port: 5432 }],
    ['[CMD, wget, -q, -O, /dev/null, "http://127.0.0.1:80/health"]', http],
    ['[CMD, wget, -qO-, "http://127.0.0.1:80/health"]', http],
    ['[CMD, wget, --spider, -q, "http://127.0.0.1:80/health"]', http],
    ['[CMD, trib-probe, "http://127.0.0.1:80/health"]', http],
  ])('has a native form: %s', (test, probe) => {
    const service = readWeb(`healthcheck: { test: ${test} }`, { PORT: '5432' })

    expect(service.health?.probe).toEqual(probe)
  })

  const possible =
    'has no native form; possible are [CMD, pg_isready, -h, HOST, -p, PORT, -U, USER, -d, DATABASE], [CMD, nc, -z, HOST, PORT], [CMD, wget, -q, -O, /dev/null, URL], [CMD, trib-probe, URL]'

  it.each([
    ['[CMD, curl, -f, "http://127.0.0.1:80/"]', '[CMD, curl, -f, http://127.0.0.1:80/]'],
    ['[CMD-SHELL, "nc -z h 1"]', '[CMD-SHELL, nc -z h 1]'],
    ['nc -z 127.0.0.1 80', 'nc -z 127.0.0.1 80'],
    ['[NONE]', '[NONE]'],
    ['[]', '[]'],
    ['[CMD, nc, -z, h, port]', '[CMD, nc, -z, h, port]'],
    ['[CMD, nc, -z, h, "$BAD"]', '[CMD, nc, -z, h, $BAD]'],
    ['[CMD, pg_isready, -h, h, -p, "1", -U, u]', '[CMD, pg_isready, -h, h, -p, 1, -U, u]'],
    ['[CMD, wget, -O, file, "http://h/"]', '[CMD, wget, -O, file, http://h/]'],
    ['[CMD, wget, -qO-, "https://h/"]', '[CMD, wget, -qO-, https://h/]'],
    ['[CMD, trib-probe, health]', '[CMD, trib-probe, health]'],
  ])('is refused where it has none: %s', (test, raw) => {
    const message = webRefusal(`healthcheck:\n  test: ${test}`, { BAD: '70000' })

    expect(message).toBe(
      `docker-compose.yml line 6: services.web.healthcheck.test is refused: "${raw}" ${possible}`,
    )
  })
})

describe('the times of a health check', () => {
  it('are as in the file', () => {
    const service = readWeb(`healthcheck:
  test: [CMD, nc, -z, h, "1"]
  interval: 10s
  timeout: 1500ms
  retries: 6
  start_period: 1m30s
  start_interval: 1s`)

    expect(service.health).toEqual({
      probe: { kind: 'tcp', host: 'h', port: 1 },
      intervalMs: 10_000,
      timeoutMs: 1500,
      retries: 6,
      startPeriodMs: 90_000,
      startIntervalMs: 1000,
    })
  })

  it('that are not given are as in Docker', () => {
    const service = readWeb('healthcheck: { test: [CMD, nc, -z, h, "1"] }')

    expect(service.health).toMatchObject({
      intervalMs: 30_000,
      timeoutMs: 30_000,
      retries: 3,
      startPeriodMs: 0,
      startIntervalMs: 5000,
    })
  })

  const notDuration = 'is no duration such as 10s, 1m30s or 500ms'

  it.each([
    ['interval: 10', 'interval is refused: "10" is no text: put it in quotes'],
    ['interval: "10"', `interval is refused: "10" ${notDuration}`],
    ['timeout: 0s', `timeout is refused: "0s" ${notDuration}`],
    ['start_period: soon', `start_period is refused: "soon" ${notDuration}`],
    ['start_interval: $BAD', `start_interval is refused: "$BAD" ${notDuration}`],
    ['retries: 0', 'retries is refused: "0" is no whole number from 1 to 999999'],
    ['retries: many', 'retries is refused: "many" is no whole number from 1 to 999999'],
  ])('are refused: %s', (line, sentence) => {
    const message = webRefusal(`healthcheck:\n  test: [CMD, nc, -z, h, "1"]\n  ${line}`, { BAD: 'x' })

    expect(message).toBe(`docker-compose.yml line 7: services.web.healthcheck.${sentence}`)
  })

  it('are nothing without a test', () => {
    expect(webRefusal('healthcheck: { interval: 10s }')).toBe(
      'docker-compose.yml line 5: services.web.healthcheck has no test',
    )
  })

  it.each([
    ['10s', 10_000],
    ['1m30s', 90_000],
    ['2h32m', 9_120_000],
    ['500ms', 500],
    ['2.5s', 2500],
    ['1500us', 2],
    ['', undefined],
    ['10', undefined],
    ['s', undefined],
    ['-1s', undefined],
    ['10 s', undefined],
    ['1d', undefined],
  ])('read %j as %j ms', (text, durationMs) => {
    expect(parseDurationMs(text)).toBe(durationMs)
  })
})
