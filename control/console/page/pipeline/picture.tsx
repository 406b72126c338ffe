import { useState } from 'preact/hooks'
import { CommandLine } from '../parts/command.tsx'
import { counted } from '../parts/words.ts'
import type { BoardState } from '../state.ts'
import { byBadness, groupLanes } from './group-lanes.ts'
import type { ChosenHop } from './hop-button.tsx'
import { HopDialog } from './hop-dialog.tsx'
import { LaneGroupView } from './lane-group.tsx'

/** More do not fit a screen; what hurts is among the first. */
const shownAtFirst = 6

export function Picture({ board }: { readonly board: BoardState }) {
  const [chosen, setChosen] = useState<ChosenHop | undefined>()
  const [isAll, setAll] = useState(false)
  const [filter, setFilter] = useState('')
  const all = [...board.pipelines.values()].sort(byBadness)
  const fitting = all.filter(({ name }) => name.toLowerCase().includes(filter.trim().toLowerCase()))
  const shown = isAll ? fitting : fitting.slice(0, shownAtFirst)
  return (
    <section aria-labelledby="pipeline-title">
      <div class="section-head">
        <h2 id="pipeline-title">Pipeline</h2>
        {all.length > shownAtFirst && (
          <input
            type="search"
            placeholder={`Find one of ${all.length}`}
            aria-label="Find a pipeline by its name"
            value={filter}
            onInput={event => setFilter(event.currentTarget.value)}
          />
        )}
      </div>
      {all.length === 0 && <Nothing board={board} />}
      <div class="lanes">
        {groupLanes(shown).map(({ key, lanes }) => (
          <LaneGroupView key={key} lanes={lanes} onChoose={setChosen} />
        ))}
      </div>
      {fitting.length > shownAtFirst && (
        <button type="button" class="more" onClick={() => setAll(!isAll)}>
          {isAll ? 'Show the worst only' : `Show all ${counted(fitting.length, 'pipeline')}`}
        </button>
      )}
      <Brokers brokers={board.brokers} />
      {chosen && <HopDialog board={board} chosen={chosen} onClose={() => setChosen(undefined)} />}
    </section>
  )
}

function Nothing({ board: { cause, command, state } }: { readonly board: BoardState }) {
  return (
    <div class={`notice notice-${state}`}>
      <p>{cause ?? 'No pipeline can be seen.'}</p>
      {command && <CommandLine command={command} />}
    </div>
  )
}

function Brokers({ brokers }: Pick<BoardState, 'brokers'>) {
  const down = brokers.filter(({ isUp }) => !isUp)
  if (brokers.length === 0) return null
  return (
    <p class={down.length > 0 ? 'brokers brokers-down' : 'brokers'}>
      {down.length === 0
        ? `Kafka: all ${counted(brokers.length, 'broker')} up`
        : `Kafka: ${down.map(({ name }) => name).join(', ')} down, ${brokers.length - down.length} of ${brokers.length} up`}
    </p>
  )
}
