import { useState } from 'preact/hooks'
import type { BackfillCard } from '../../inventory/backfill-reader.ts'
import type { TableRow } from '../../inventory/table-rows.ts'
import type { InventorySummary } from '../../messages.ts'
import { Problems } from '../parts/problems.tsx'
import { StateMark } from '../parts/state-mark.tsx'
import { count, counted, rate } from '../parts/words.ts'
import { BackfillList } from './backfill-list.tsx'
import { useReport } from './use-report.ts'

const shownAtFirst = 30

/** Which tables flow, how fast, and how far those are whose rows are read again. */
export function TablesPage({ inventory }: { readonly inventory: InventorySummary }) {
  const tables = useReport<readonly TableRow[]>('/api/tables', inventory.atMs)
  const backfills = useReport<readonly BackfillCard[]>('/api/backfills', inventory.atMs)
  return (
    <>
      <section class="card" aria-labelledby="backfills-title">
        <h2 id="backfills-title">Rows being read again</h2>
        <Problems sentences={inventory.problems.backfills} />
        <BackfillList backfills={backfills} />
      </section>
      <section class="card" aria-labelledby="tables-title">
        {tables ? <TableList tables={tables} /> : <p class="empty">Looking …</p>}
      </section>
    </>
  )
}

function TableList({ tables }: { readonly tables: readonly TableRow[] }) {
  const [filter, setFilter] = useState('')
  const [isAll, setAll] = useState(false)
  const wanted = filter.trim().toLowerCase()
  const fitting = tables.filter(({ table, pipeline }) =>
    `${table} ${pipeline}`.toLowerCase().includes(wanted),
  )
  const shown = isAll ? fitting : fitting.slice(0, shownAtFirst)
  return (
    <>
      <div class="section-head">
        <h2 id="tables-title">Tables</h2>
        {tables.length > shownAtFirst && (
          <input
            type="search"
            placeholder={`Find one of ${count(tables.length)}`}
            aria-label="Find a table by its name or its pipeline's"
            value={filter}
            onInput={event => setFilter(event.currentTarget.value)}
          />
        )}
      </div>
      {tables.length === 0 && <p class="empty">No table flows.</p>}
      {shown.length > 0 && (
        <table class="stacked">
          <thead>
            <tr>
              <th scope="col">Table</th>
              <th scope="col">Lands in</th>
              <th scope="col" class="number">
                Written
              </th>
              <th scope="col" class="number">
                Landed
              </th>
              <th scope="col" class="number">
                Waiting
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map(row => (
              <Row key={`${row.pipeline} ${row.table}`} row={row} />
            ))}
          </tbody>
        </table>
      )}
      {fitting.length > shownAtFirst && (
        <button type="button" class="more" onClick={() => setAll(!isAll)}>
          {isAll ? 'Show fewer' : `Show all ${counted(fitting.length, 'table')}`}
        </button>
      )}
    </>
  )
}

function Row({ row }: { readonly row: TableRow }) {
  const { table, pipeline, target, inPerSecond, outPerSecond, lagRecords, isPublished } = row
  return (
    <tr data-table={table}>
      <th scope="row">
        <span class="name">{table}</span>
        <span class="muted kind">{pipeline}</span>
        {isPublished === false && (
          <span class="failure">
            <StateMark state="failed" /> Its publication lacks it: no change of it comes.
          </span>
        )}
      </th>
      <td data-label="Lands in">{target ?? 'nothing'}</td>
      <td data-label="Written" class="number">
        {rate(inPerSecond)}
      </td>
      <td data-label="Landed" class="number">
        {rate(outPerSecond)}
      </td>
      <td data-label="Waiting" class="number">
        {lagRecords === null ? '–' : counted(lagRecords, 'record')}
      </td>
    </tr>
  )
}
