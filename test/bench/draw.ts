import type { Summary } from './summarize.ts'

const cell = (value: number | undefined, digits = 1, unit = '') =>
  value === undefined ? '' : `${value.toFixed(digits)}${unit}`

/** One line for each arm under each load, as Markdown. */
export function drawTable(summaries: readonly Summary[]): string {
  const head = [
    ...['load', 'arm', 'rows', 'rounds', 'seconds', 'range', '× defaults', '÷ logical'],
    ...['CPU s/million: connect', 'brokers', 'source', 'warehouse', 'peak MB: connect', 'brokers'],
    'p50 / p90 / p99 / max ms',
  ]
  const lines = summaries.map(one => [
    ...[one.load, one.arm, String(one.rows), String(one.rounds), cell(one.seconds)],
    `${cell(one.range[0])}–${cell(one.range[1])}`,
    ...[cell(one.timesDefaults, 1, '×'), cell(one.timesLogical, 1, '×')],
    ...['connect', 'brokers', 'source', 'warehouse'].map(name => cell(one.cpuPerMillion[name])),
    ...[String(one.peakMegabytes.connect), String(one.peakMegabytes.brokers)],
    one.latencyMs
      ? [one.latencyMs.p50, one.latencyMs.p90, one.latencyMs.p99, one.latencyMs.max].join(' / ')
      : '',
  ])
  return [head, head.map(() => '---'), ...lines].map(cells => `| ${cells.join(' | ')} |\n`).join('')
}

const barHeight = 18
const labelWidth = 330
const barWidth = 400

/** Rows a second as bars; each load has a scale of its own. */
export function drawPlot(summaries: readonly Summary[]): string {
  const timed = summaries.filter(({ latencyMs }) => !latencyMs)
  const bars = timed.map((one, at) => {
    const rate = one.rows / one.seconds
    const most = Math.max(...timed.filter(({ load }) => load === one.load).map(s => s.rows / s.seconds))
    const width = Math.max(1, (rate / most) * barWidth)
    const y = at * barHeight
    const fill = one.arm === 'shipped' ? '#2b7a78' : '#9aa5b1'
    return [
      `<text x="${labelWidth - 8}" y="${y + 13}" text-anchor="end">${escaped(`${one.load}: ${one.arm}`)}</text>`,
      `<rect x="${labelWidth}" y="${y + 2}" width="${width.toFixed(1)}" height="${barHeight - 4}" fill="${fill}"/>`,
      `<text x="${(labelWidth + width + 6).toFixed(1)}" y="${y + 13}">${Math.round(rate).toLocaleString('en')}/s</text>`,
    ].join('\n')
  })
  const [width, height] = [labelWidth + barWidth + 110, timed.length * barHeight]
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">`,
    '<title>Rows a second, by load and arm; each load has its own scale</title>',
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    ...bars,
    '</svg>\n',
  ].join('\n')
}

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
