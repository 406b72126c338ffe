import { useEffect, useState } from 'preact/hooks'
import type { Facts, PipelineReport } from '../../../health/report.ts'
import { CommandLine } from '../parts/command.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { StateWord } from '../parts/state-mark.tsx'
import { bytes, count } from '../parts/words.ts'
import type { BoardState } from '../state.ts'
import { hopOf } from './group-lanes.ts'
import type { ChosenHop } from './hop-button.tsx'

interface HopDialogProps {
  readonly board: BoardState
  readonly chosen: ChosenHop
  readonly onClose: () => void
}

/** What is wrong at a hop, in one sentence, the command that helps, and everything that was seen there. */
export function HopDialog({ board, chosen, onClose }: HopDialogProps) {
  const pipeline = board.pipelines.get(chosen.pipeline)
  const hop = pipeline && hopOf(pipeline, chosen.hop)
  const facts = useFacts(chosen, board.atMs)
  const rootCause = pipeline?.cause
  return (
    <Dialog title={`${chosen.hop} of ${chosen.pipeline}`} onClose={onClose}>
      {!hop && <p>This pipeline is not deployed any more.</p>}
      {hop && (
        <>
          <p>
            <StateWord state={hop.state} />
          </p>
          <p class="cause">{hop.cause ?? 'Nothing is wrong here.'}</p>
          {hop.command && <CommandLine command={hop.command} />}
          {hop.cause && rootCause && rootCause !== hop.cause && (
            <p class="muted">
              The pipeline as a whole: {rootCause}{' '}
              {pipeline.command && <CommandLine command={pipeline.command} />}
            </p>
          )}
        </>
      )}
      {facts.length > 0 && (
        <dl class="facts">
          {facts.map(([key, value]) => (
            <div key={key}>
              <dt>{wordsOf(key)}</dt>
              <dd>{readable(key, value)}</dd>
            </div>
          ))}
        </dl>
      )}
    </Dialog>
  )
}

type Fact = readonly [string, string | number | boolean]

/** Fetched while somebody looks: of 200 pipelines nobody needs all facts every second. */
function useFacts({ pipeline, hop }: ChosenHop, atMs: number): readonly Fact[] {
  const [facts, setFacts] = useState<readonly Fact[]>([])
  useEffect(() => {
    const ended = new AbortController()
    fetch(`/api/pipelines/${encodeURIComponent(pipeline)}`, { signal: ended.signal })
      .then(answer => (answer.ok ? answer.json() : undefined))
      .then((report: PipelineReport | undefined) => {
        const found: Facts = report?.hops.find(one => one.hop === hop)?.facts ?? {}
        const known = Object.entries(found).flatMap(([key, value]): readonly Fact[] =>
          value === null || value === '' ? [] : [[key, value]],
        )
        setFacts(known)
      })
      // The banner tells when the console is away.
      .catch(() => {})
    return () => ended.abort()
    // Each new look has new facts.
  }, [pipeline, hop, atMs])
  return facts
}

function wordsOf(key: string): string {
  return key.replace(/(Bytes|Seconds|Percent)$/, '').replace(/[A-Z]/g, letter => ` ${letter.toLowerCase()}`)
}

function readable(key: string, value: string | number | boolean): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value === 'string') return value
  if (key.endsWith('Bytes')) return bytes(value)
  if (key.endsWith('Percent')) return `${value} %`
  return /^seconds|Seconds$/.test(key) ? `${count(value)} s` : count(value)
}
