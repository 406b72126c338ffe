const unitsMs: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1, us: 0.001 }
const part = /(\d+(?:\.\d+)?)(h|ms|m|us|s)/gy

/** `1m30s`, `500ms`: a duration as Compose writes it; undefined for anything else. */
export function parseDurationMs(text: string): number | undefined {
  const parts = [...text.matchAll(part)]
  const isWhole = parts.length > 0 && parts.map(([whole]) => whole).join('') === text
  if (!isWhole) return undefined
  return Math.round(
    parts.reduce((sum, [, count, unit = '']) => sum + Number(count) * (unitsMs[unit] ?? 0), 0),
  )
}
