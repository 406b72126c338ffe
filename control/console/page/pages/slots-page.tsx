import { slotState } from '../../../slots/judge-slot.ts'
import type { InventorySummary } from '../../messages.ts'
import type { SlotCard } from '../../server/reports.ts'
import { CommandLine } from '../parts/command.tsx'
import { Problems } from '../parts/problems.tsx'
import { StateMark } from '../parts/state-mark.tsx'
import { age, bytes } from '../parts/words.ts'
import { useReport } from './use-report.ts'

/** Whose each slot is, the WAL that it holds, and how long until it is full. */
export function SlotsPage({ inventory }: { readonly inventory: InventorySummary }) {
  const slots = useReport<readonly SlotCard[]>('/api/slots', inventory.atMs)
  return (
    <section class="card" aria-labelledby="slots-title">
      <h2 id="slots-title">Replication slots</h2>
      <p class="muted">A database keeps all WAL that the reader of a slot has not confirmed.</p>
      <Problems sentences={inventory.problems.slots} />
      {!slots && <p class="empty">Looking …</p>}
      {slots?.length === 0 && <p class="empty">There is none on the servers that a source reads.</p>}
      {slots && slots.length > 0 && (
        <table class="stacked">
          <thead>
            <tr>
              <th scope="col">Slot</th>
              <th scope="col">Owner</th>
              <th scope="col">Read by</th>
              <th scope="col" class="number">
                Holds
              </th>
              <th scope="col" class="short">
                WAL
              </th>
              <th scope="col" class="number">
                Full in
              </th>
            </tr>
          </thead>
          <tbody>
            {slots.map(slot => (
              <SlotRow key={`${slot.service} ${slot.slot}`} slot={slot} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}

/** A slot that is read holds more and less from look to look: what lies months ahead is no news. */
const newsWithinSeconds = 30 * 86_400

function fullIn({ walStatus, secondsUntilFull }: SlotCard): string {
  if (secondsUntilFull === null || walStatus === 'lost' || secondsUntilFull > newsWithinSeconds) return '–'
  return age(secondsUntilFull)
}

function SlotRow({ slot }: { readonly slot: SlotCard }) {
  const { service, database, owner, active, reader, retainedBytes, walStatus } = slot
  const isOrphan = owner === 'ORPHAN'
  return (
    <tr data-slot={slot.slot} data-state={slotState(slot)}>
      <th scope="row">
        <span class="state">
          <StateMark state={slotState(slot)} />
          <span class="name">{slot.slot}</span>
        </span>
        <span class="muted kind">
          {service}
          {database && ` · ${database}`}
        </span>
        {slot.command && (
          <span class="kind">
            It belongs to no connector here. Where nobody elsewhere reads it:{' '}
            <CommandLine command={slot.command} />
          </span>
        )}
      </th>
      <td data-label="Owner">{isOrphan ? 'none' : (owner ?? 'another program')}</td>
      <td data-label="Read by">{active ? (reader ?? 'somebody') : 'nobody'}</td>
      <td data-label="Holds" class="number">
        {retainedBytes === null ? '–' : bytes(retainedBytes)}
      </td>
      <td data-label="WAL" class="short">
        {walStatus ?? '–'}
      </td>
      <td data-label="Full in" class="number">
        {fullIn(slot)}
      </td>
    </tr>
  )
}
