/** Beginnings of Java's own serialization, as Debezium keeps keys: an array whose first part is a whole number. */
const arrayHead = /^aced0005757200135b4c6a6176612e6c616e672e4f626a6563743b[0-9a-f]{34}/
const classes = [
  { name: 'java.lang.Long', digits: 16 },
  { name: 'java.lang.Integer', digits: 8 },
  { name: 'java.lang.Short', digits: 4 },
] as const
const numberEnd = `${hexOf('java.lang.Number')}86ac951d0b94e08b0200007870`

/** The first column of a key that Debezium stored; undefined: it is no whole number. Pure. */
export function firstNumberOf(stored: string): bigint | undefined {
  const text = stored.toLowerCase()
  const [head] = arrayHead.exec(text) ?? []
  const found = classes.find(({ name }) =>
    text.startsWith(`7372${hexOf(name, 'with its length')}`, head?.length),
  )
  if (head === undefined || !found) return undefined
  const at = text.indexOf(numberEnd) + numberEnd.length
  const value = text.slice(at, at + found.digits)
  if (value.length < found.digits || !/^[0-9a-f]+$/.test(value)) return undefined
  return BigInt.asIntN(4 * found.digits, BigInt(`0x${value}`))
}

interface KeySpan {
  /** The smallest of the table. */
  readonly first: bigint
  readonly now: bigint
  readonly last: bigint
}

/** How much of its way, from 0 to 1, if keys lie evenly. Pure. */
export function keyShare({ first, now, last }: KeySpan): number {
  if (last <= first) return 1
  const share = Number(now - first) / Number(last - first)
  return Math.min(1, Math.max(0, share))
}

function hexOf(text: string, length?: 'with its length'): string {
  const bytes = Buffer.from(text)
  return `${length ? bytes.length.toString(16).padStart(4, '0') : ''}${bytes.toString('hex')}`
}
