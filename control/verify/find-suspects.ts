import { type Key, keyOf, type Range, type RangeSum, type RowReader } from './store.ts'

export interface Sides {
  readonly source: RowReader
  readonly target: RowReader
}

export interface FindOptions {
  /** The larger of both sides' estimates. */
  readonly estimatedRows: { readonly source: number; readonly target: number }
  /** The share of the pieces that is looked at, 0–1. (Default: all) */
  readonly sampleShare?: number | undefined
  /** (Default: Math.random) */
  readonly random?: () => number
  /** Where looking ends: whoever has that many wants another snapshot. (Default: 100,000) */
  readonly mostSuspects?: number
  readonly onProgress?: (text: string) => void
  readonly signal?: AbortSignal | undefined
}

export interface Suspects {
  /** Of the source, in what was looked at. */
  readonly rows: number
  /** Different when they were read; a change on its way looks the same as an error. */
  readonly keys: readonly Key[]
  /** Not all was looked at, because there are too many. */
  readonly isCutShort: boolean
}

/** One piece for each so many rows, but no more than 64: 1,000,000 rows differ by 15,625 at first. */
const rowsPerPiece = 10_000
const mostPieces = 64
/** Where a piece has fewer rows, its rows are listed: about 50 KB from each side. */
const listedRows = 1_000
/** Pieces in one statement. */
const rangesPerStatement = 1_024
/** Rows listed by one statement, which bounds what is held in memory. */
const rowsPerList = 20_000

interface Piece {
  readonly range: Range
  readonly source: RangeSum
  readonly target: RangeSum
}

/** Compares sums, then sums of parts of what differs, and lists only the rows of the last small parts. */
export async function findSuspects(sides: Sides, options: FindOptions): Promise<Suspects> {
  const { mostSuspects = 100_000, onProgress = () => {}, signal } = options
  const chosen = await firstRanges(sides, options)
  const pieces = await sumBoth(sides, chosen)
  const rows = pieces.reduce((sum, { source }) => sum + source.rows, 0)
  const keys: Key[] = []
  let open = pieces.filter(isUnequal)
  onProgress(`${rows.toLocaleString('en')} rows summed, ${open.length} of ${pieces.length} pieces differ`)
  while (open.length > 0) {
    signal?.throwIfAborted()
    const listed = takeListed(open)
    if (listed.length > 0) {
      keys.push(...(await listDifferences(sides, listed)))
      const done = new Set(listed)
      open = open.filter(piece => !done.has(piece))
      onProgress(`${keys.length.toLocaleString('en')} rows differ, ${open.length} pieces to look into`)
      if (keys.length >= mostSuspects && open.length > 0) return { rows, keys, isCutShort: true }
      continue
    }
    const next = open.slice(0, rangesPerStatement / 2)
    const finer = await splitPieces(sides, next)
    open = [...finer.filter(isUnequal), ...open.slice(next.length)]
  }
  return { rows, keys, isCutShort: false }
}

const isUnequal = ({ source, target }: Piece) => source.rows !== target.rows || source.sum !== target.sum
const rowsOf = ({ source, target }: Piece) => Math.max(source.rows, target.rows)

async function firstRanges(sides: Sides, { estimatedRows, sampleShare, random = Math.random }: FindOptions) {
  const isSourceLarger = estimatedRows.source >= estimatedRows.target
  const rows = Math.max(estimatedRows.source, estimatedRows.target)
  const pieces = Math.min(mostPieces, Math.ceil(rows / rowsPerPiece))
  const reader = isSourceLarger ? sides.source : sides.target
  const ranges = toRanges(pieces > 1 ? await reader.cut(pieces, rows) : [])
  return sampleShare === undefined ? ranges : chooseSome(ranges, sampleShare, random)
}

/** At least one, each with the same chance, in their order. */
function chooseSome(ranges: readonly Range[], share: number, random: () => number): readonly Range[] {
  const wanted = Math.max(1, Math.ceil(ranges.length * share))
  const drawn = ranges.map((_, index) => ({ index, lot: random() })).sort((a, b) => a.lot - b.lot)
  const chosen = new Set(drawn.slice(0, wanted).map(({ index }) => index))
  return ranges.filter((_, index) => chosen.has(index))
}

/** The ranges between the cuts; those of the whole table, or of one range. */
function toRanges(cuts: readonly Key[], whole: Range = { from: undefined, to: undefined }): readonly Range[] {
  const from = [whole.from, ...cuts]
  return from.map((key, index) => ({ from: key, to: cuts[index] ?? whole.to }))
}

async function sumBoth({ source, target }: Sides, ranges: readonly Range[]): Promise<readonly Piece[]> {
  const pieces: Piece[] = []
  for (let first = 0; first < ranges.length; first += rangesPerStatement) {
    const some = ranges.slice(first, first + rangesPerStatement)
    const [there, here] = await Promise.all([source.sums(some), target.sums(some)])
    const none: RangeSum = { rows: 0, sum: '0' }
    some.forEach((range, index) => {
      pieces.push({ range, source: there[index] ?? none, target: here[index] ?? none })
    })
  }
  return pieces
}

/** Those whose rows are to be listed next, together no more than one statement may list; where one side is empty, all. */
function takeListed(open: readonly Piece[]): readonly Piece[] {
  const small = open.filter(piece => rowsOf(piece) <= listedRows || isAtomic(piece))
  const taken: Piece[] = []
  let rows = 0
  for (const piece of small) {
    if (taken.length > 0 && rows + rowsOf(piece) > rowsPerList) break
    taken.push(piece)
    rows += rowsOf(piece)
  }
  return taken
}

/** Found to have no key at which it could be cut, such as the same key many times. */
const atoms = new WeakSet<Range>()
const isAtomic = ({ range }: Piece) => atoms.has(range)

async function splitPieces(sides: Sides, pieces: readonly Piece[]): Promise<readonly Piece[]> {
  const rows = pieces.reduce((sum, piece) => sum + rowsOf(piece), 0)
  const step = Math.max(listedRows / 2, Math.ceil(rows / rangesPerStatement))
  const byLarger = async (reader: RowReader, those: readonly Piece[]) =>
    those.length > 0
      ? reader.split(
          those.map(({ range }) => range),
          step,
        )
      : []
  const isFromSource = ({ source, target }: Piece) => source.rows >= target.rows
  const [there, here] = [pieces.filter(isFromSource), pieces.filter(piece => !isFromSource(piece))]
  const [thereCuts, hereCuts] = await Promise.all([
    byLarger(sides.source, there),
    byLarger(sides.target, here),
  ])
  const cutsOf = new Map<Piece, readonly Key[]>([
    ...there.map((piece, index) => [piece, thereCuts[index] ?? []] as const),
    ...here.map((piece, index) => [piece, hereCuts[index] ?? []] as const),
  ])
  const ranges = pieces.flatMap(piece => {
    const finer = toRanges(cutsOf.get(piece) ?? [], piece.range)
    if (finer.length === 1) for (const range of finer) atoms.add(range)
    return finer
  })
  return sumBoth(sides, ranges)
}

async function listDifferences({ source, target }: Sides, pieces: readonly Piece[]): Promise<readonly Key[]> {
  const ranges = pieces.map(({ range }) => range)
  const [there, here] = await Promise.all([source.hashes(ranges), target.hashes(ranges)])
  const texts = [...there].filter(([text, hash]) => here.get(text) !== hash).map(([text]) => text)
  return [...texts, ...[...here.keys()].filter(text => !there.has(text))].map(keyOf)
}
