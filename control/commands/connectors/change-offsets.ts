import { type Command, InvalidArgumentError } from 'commander'
import type { Connector, ConnectorOffset } from '../../connect/connect-api.ts'
import type { OpenContext } from '../../contexts/open-context.ts'
import { exitCodes } from '../../errors/error-codes.ts'
import { TribError } from '../../errors/trib-error.ts'
import { readTopicRanges } from '../../kafka/topic-ranges.ts'
import { changeOffsets } from '../../offsets/change-offsets.ts'
import {
  type Move,
  type OffsetChange,
  planOffsets,
  type RangeOf,
  sinkPartition,
} from '../../offsets/plan-offsets.ts'
import { named, shellWord } from '../../output/shell-words.ts'
import { globalOptions, printRows, type Shell } from '../../shell.ts'
import { findConnector } from './choose-connectors.ts'
import { confirm } from './confirm.ts'
import { toOffsetCells } from './get-offsets.ts'
import { type ConnectSession, openConnect } from './open-connect.ts'
import { readOffsetsFile } from './read-offsets-file.ts'

interface PatchOptions {
  readonly toEarliest?: true
  readonly toLatest?: true
  readonly shiftBy?: number
  readonly file?: string
  readonly topic?: string
  readonly dryRun: boolean
  readonly yes: boolean
}

export function addPatchOffsetsCommand(patch: Command, shell: Shell): void {
  patch
    .command('offsets <name>')
    .description('read again, or skip: stops the connector, saves the old offsets, sets new ones, goes on')
    .option('--to-earliest', 'everything that is still there once more; a source begins anew with a snapshot')
    .option('--to-latest', 'skip what was not read yet')
    .option('--shift-by <records>', 'so many records forward, or back: --shift-by=-100', toCount)
    .option(
      '-f, --file <file>',
      'as this file says: what get offsets -o json printed, or offsets saved before',
    )
    .option('--topic <topic>', 'only the partitions of this topic')
    .option('--dry-run', 'only show what would change; ends with 3 if there is something', false)
    .option('--yes', 'without asking', false)
    .action(async (name: string, options: PatchOptions, command: Command) => {
      const move = await readMove(shell, name, options)
      const again = `npx trib patch offsets ${named(name, `${describeMove(options)} --yes`)}`
      await moveOffsets(shell, command, { ...options, name, move, again })
    })
}

export function addDeleteOffsetsCommand(remove: Command, shell: Shell): void {
  remove
    .command('offsets <name>')
    .description('forget how far a connector has read: it begins anew')
    .option('--dry-run', 'only show what would change; ends with 3 if there is something', false)
    .option('--yes', 'without asking', false)
    .action(async (name: string, options: { dryRun: boolean; yes: boolean }, command: Command) => {
      const again = `npx trib delete offsets ${named(name, '--yes')}`
      await moveOffsets(shell, command, { ...options, name, move: { kind: 'earliest' }, again })
    })
}

interface MoveOptions {
  readonly name: string
  readonly move: Move
  readonly topic?: string
  readonly dryRun: boolean
  readonly yes: boolean
  readonly again: string
}

async function moveOffsets(shell: Shell, command: Command, options: MoveOptions): Promise<void> {
  const { name, move, topic, dryRun, yes, again } = options
  const session = await openConnect(shell, command)
  const { connect, afterwards, history, context } = session
  const connector = findConnector(await connect.list(), name)
  const current = await connect.offsets(name)
  const rangeOf = await readRanges(session, { connector, current, move })
  const changes = planOffsets({ connector, current, move, rangeOf, topic })
  printRows(
    shell,
    changes.map(({ partition, from, to }) => ({ connector: name, partition, from, to })),
    {
      output: globalOptions(command).output,
      columns: ['connector', 'partition', 'from', 'to'],
      toCells: toOffsetCells,
    },
  )
  if (changes.length === 0) {
    shell.writeErr(`${name} is there already; nothing was changed\n`)
    return
  }
  if (dryRun) return shell.exitWith(exitCodes.planHasChanges)
  await confirm(shell, { isYes: yes, what: consequence(connector, changes), again })
  await changeOffsets({
    connect,
    afterwards,
    name,
    changes,
    whileStopped: async () => {
      if (isAnew(connector, changes)) await tryToLeaveGapMark(context, connector)
    },
    save: offsets => history.saveOffsets(name, offsets),
    onSaved: path =>
      shell.writeErr(
        `the old offsets are saved; back: npx trib patch offsets ${named(name, `-f ${shellWord(path)} --yes`)}\n`,
      ),
  })
}

/** A help for later: a source whose database is not reached from here can begin anew all the same. */
async function tryToLeaveGapMark(context: OpenContext, connector: Connector): Promise<void> {
  const { leaveGapMark } = await import('../../offsets/leave-gap-mark.ts')
  await leaveGapMark(context, connector).catch(() => {})
}

/** A source without a position takes a snapshot first. */
function isAnew({ type }: Connector, changes: readonly OffsetChange[]): boolean {
  return type !== 'sink' && changes.every(({ to }) => to === null)
}

function consequence(connector: Connector, changes: readonly OffsetChange[]): string {
  const { name, type } = connector
  if (type !== 'sink') {
    return isAnew(connector, changes)
      ? `${name} would forget its position and begin with a new snapshot (re-snapshots)`
      : `${name} would go on from another position (loses-position)`
  }
  const at = (change: OffsetChange, offset: ConnectorOffset['offset']) =>
    sinkPartition({ partition: change.partition, offset })?.offset ?? 0
  const skipped = changes.reduce((sum, one) => sum + Math.max(0, at(one, one.to) - at(one, one.from)), 0)
  return skipped > 0
    ? `${name} would skip ${skipped} records (loses-position)`
    : `${name} would read records again that it has read before (re-snapshots)`
}

interface RangesOptions {
  readonly connector: Connector
  readonly current: readonly ConnectorOffset[]
  readonly move: Move
}

/** Only a move to the end, and one by a number, need to know what the topics hold. */
async function readRanges(
  { context }: ConnectSession,
  { connector, current, move }: RangesOptions,
): Promise<RangeOf> {
  if (connector.type !== 'sink' || (move.kind !== 'latest' && move.kind !== 'shift')) return () => undefined
  const topics = new Set(current.flatMap(one => sinkPartition(one)?.topic ?? []))
  if (topics.size === 0) return () => undefined
  return readTopicRanges(await context.kafka(), [...topics])
}

async function readMove(shell: Shell, name: string, options: PatchOptions): Promise<Move> {
  const moves: Move[] = [
    ...(options.toEarliest ? [{ kind: 'earliest' } as const] : []),
    ...(options.toLatest ? [{ kind: 'latest' } as const] : []),
    ...(options.shiftBy === undefined ? [] : [{ kind: 'shift', by: options.shiftBy } as const]),
    ...(options.file === undefined ? [] : [await readOffsetsFile(shell, name, options.file)]),
  ]
  const [move] = moves
  if (move && moves.length === 1) return move
  throw new TribError(
    'USAGE',
    `one of --to-earliest, --to-latest, --shift-by and -f is needed; given: ${moves.length}`,
    {
      hint: 'npx trib patch offsets --help',
    },
  )
}

function describeMove({ toEarliest, toLatest, shiftBy, file, topic }: PatchOptions): string {
  const parts = [
    toEarliest && '--to-earliest',
    toLatest && '--to-latest',
    shiftBy !== undefined && `--shift-by=${shiftBy}`,
    file !== undefined && `-f ${shellWord(file)}`,
    topic !== undefined && `--topic ${shellWord(topic)}`,
  ]
  return parts.filter(Boolean).join(' ')
}

function toCount(text: string): number {
  const count = Number(text)
  if (!Number.isSafeInteger(count))
    throw new InvalidArgumentError('a whole number of records, such as 100 or -100')
  return count
}
