import { rate } from '../parts/words.ts'

interface FlowLineProps {
  /** One for each lane that it joins; null: not known. */
  readonly rates: readonly (number | null)[]
  readonly unit: string
}

/** The way from one box to the next, from the middle of each lane to the middle of what they flow into. */
export function FlowLine({ rates, unit }: FlowLineProps) {
  const height = rates.length * 100
  return (
    <div class="flow">
      <svg viewBox={`0 0 100 ${height}`} preserveAspectRatio="none" aria-hidden="true">
        {rates.map((perSecond, lane) => {
          const [from, to] = [lane * 100 + 50, height / 2]
          const isFlowing = perSecond !== null && perSecond > 0
          return (
            <path
              key={lane}
              class={isFlowing ? 'flowing' : ''}
              d={`M0 ${from}C60 ${from} 40 ${to} 100 ${to}`}
              vector-effect="non-scaling-stroke"
            />
          )
        })}
      </svg>
      {rates.length === 1 && (
        <span class="flow-rate">
          {rate(rates[0] ?? null)}
          <span class="visually-hidden"> {unit}</span>
        </span>
      )}
    </div>
  )
}
