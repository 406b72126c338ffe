import type { HealthState } from '../../../health/report.ts'

/** Each state has a shape of its own: colour alone tells nothing to who cannot see it. */
const shapes: Readonly<Record<HealthState, string>> = {
  ok: 'M3.5 8.5l3 3 6-7',
  unknown: 'M5.5 6a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.1.9-1.1 1.6M8 12.6v.1',
  degraded: 'M8 4v5M8 12v.1',
  failed: 'M4.5 4.5l7 7M11.5 4.5l-7 7',
}

export function StateMark({ state }: { readonly state: HealthState }) {
  return (
    <svg class={`mark mark-${state}`} viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      <circle cx="8" cy="8" r="8" />
      <path d={shapes[state]} />
    </svg>
  )
}

export function StateWord({ state }: { readonly state: HealthState }) {
  return (
    <span class={`state state-${state}`}>
      <StateMark state={state} />
      {state}
    </span>
  )
}
