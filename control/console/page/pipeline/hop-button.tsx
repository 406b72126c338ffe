import type { HopCard, PipelineCard } from '../../messages.ts'
import { StateMark } from '../parts/state-mark.tsx'
import { figureOf } from './figures.ts'

export interface ChosenHop {
  readonly pipeline: string
  readonly hop: HopCard['hop']
}

interface HopButtonProps {
  readonly hop: HopCard
  readonly lanes: readonly PipelineCard[]
  /** One of several in its box, and so with its name. */
  readonly isNamed: boolean
  readonly onChoose: (chosen: ChosenHop) => void
}

export function HopButton({ hop, lanes, isNamed, onChoose }: HopButtonProps) {
  const pipeline = lanes[0]?.name ?? ''
  const figure = figureOf(hop.hop, lanes)
  return (
    <button
      type="button"
      class={`hop hop-${hop.state}`}
      data-hop={hop.hop}
      data-state={hop.state}
      data-pipeline={pipeline}
      onClick={() => onChoose({ pipeline, hop: hop.hop })}
    >
      <StateMark state={hop.state} />
      <span class="hop-text">
        <span class={isNamed ? 'hop-name' : 'visually-hidden'}>{hop.hop} </span>
        {hop.state !== 'ok' && <span class={`hop-state state-${hop.state}`}>{hop.state} </span>}
        <span class="hop-figure">{figure || (isNamed || hop.state !== 'ok' ? '' : hop.state)}</span>
      </span>
    </button>
  )
}
