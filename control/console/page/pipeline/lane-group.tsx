import { Fragment } from 'preact'
import type { PipelineCard } from '../../messages.ts'
import { FlowLine } from './flow-line.tsx'
import { hopOf, type Stage, stages, worstHop } from './group-lanes.ts'
import { type ChosenHop, HopButton } from './hop-button.tsx'

interface LaneGroupProps {
  readonly lanes: readonly PipelineCard[]
  readonly onChoose: (chosen: ChosenHop) => void
}

/** The lanes of one sink: a row for each source, which join before the sink. */
export function LaneGroupView({ lanes, onChoose }: LaneGroupProps) {
  const [database, source, topic, sink, warehouse] = stages as [Stage, Stage, Stage, Stage, Stage]
  return (
    <div class="lane-group">
      {lanes.map(lane => (
        <LaneStart key={lane.name} lane={lane} stages={[database, source, topic]} onChoose={onChoose} />
      ))}
      <div class="lane-end" style={{ '--lanes': lanes.length }}>
        <FlowLine rates={lanes.map(({ recordsPerSecond }) => recordsPerSecond)} unit="records a second" />
        <StageBox stage={sink} lanes={lanes} onChoose={onChoose} />
        <FlowLine rates={[total(lanes)]} unit="rows a second" />
        <StageBox stage={warehouse} lanes={lanes} onChoose={onChoose} />
      </div>
    </div>
  )
}

interface LaneStartProps {
  readonly lane: PipelineCard
  readonly stages: readonly [Stage, Stage, Stage]
  readonly onChoose: (chosen: ChosenHop) => void
}

function LaneStart({ lane, stages: [database, source, topic], onChoose }: LaneStartProps) {
  return (
    <div class="lane-start">
      <StageBox stage={database} lanes={[lane]} onChoose={onChoose} />
      <FlowLine rates={[lane.inPerSecond]} unit="rows a second" />
      <StageBox stage={source} lanes={[lane]} onChoose={onChoose} />
      <FlowLine rates={[lane.recordsPerSecond]} unit="records a second" />
      <StageBox stage={topic} lanes={[lane]} onChoose={onChoose} />
    </div>
  )
}

interface StageBoxProps {
  readonly stage: Stage
  readonly lanes: readonly PipelineCard[]
  readonly onChoose: (chosen: ChosenHop) => void
}

function StageBox({ stage: { title, hops }, lanes, onChoose }: StageBoxProps) {
  const [first] = lanes
  const present = hops.flatMap(name => {
    const worst = worstHop(lanes, name)
    return worst ? [worst] : []
  })
  const name = present[0]?.hop.name ?? (first && hopOf(first, hops[0] ?? 'source')?.name)
  const worstState = ['failed', 'degraded', 'unknown', 'ok'].find(state =>
    present.some(({ hop }) => hop.state === state),
  )
  return (
    <div class={`stage stage-${worstState ?? 'none'}`}>
      <div class="stage-title">{title}</div>
      <div class="stage-name">{breakable(name ?? (present.length === 0 ? 'none' : ''))}</div>
      {present.map(({ hop, lane }) => (
        <HopButton
          key={hop.hop}
          hop={hop}
          // The lane that hurts goes first: its cause is what a click shows.
          lanes={[lane, ...lanes.filter(one => one !== lane)]}
          isNamed={hops.length > 1}
          onChoose={onChoose}
        />
      ))}
    </div>
  )
}

/** A long name of a topic is broken where it has a dot. */
function breakable(name: string) {
  const parts = name.split(/(?<=[./_-])/)
  return parts.map((part, index) => (
    <Fragment key={`${index} ${part}`}>
      {part}
      <wbr />
    </Fragment>
  ))
}

function total(lanes: readonly PipelineCard[]): number | null {
  const known = lanes.flatMap(({ outPerSecond }) => outPerSecond ?? [])
  return known.length === 0 ? null : Math.round(known.reduce((sum, one) => sum + one, 0) * 10) / 10
}
