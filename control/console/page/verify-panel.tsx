import { useState } from 'preact/hooks'
import type { TableReport, VerifyReport } from '../../verify/verify-report.ts'
import type { VerifyState } from '../messages.ts'
import { CommandLine } from './parts/command.tsx'
import { StateMark } from './parts/state-mark.tsx'
import { count, timeOf } from './parts/words.ts'
import { send } from './send.ts'

interface VerifyPanelProps {
  readonly verify: VerifyState | undefined
  readonly isReadOnly: boolean
}

/** Whether the warehouse is right: what was found last, and the button for the next time. */
export function VerifyPanel({ verify, isReadOnly }: VerifyPanelProps) {
  const [problem, setProblem] = useState('')
  const start = () => {
    setProblem('')
    send('/api/verify').catch(error => setProblem(error.message))
  }
  const isRunning = verify?.isRunning ?? false
  return (
    <section class="card" aria-labelledby="verify-title">
      <div class="section-head">
        <h2 id="verify-title">Is it right?</h2>
        {!isReadOnly && (
          <button type="button" disabled={isRunning} onClick={start}>
            {isRunning ? 'Verifying …' : 'Verify now'}
          </button>
        )}
      </div>
      <p role="status" class="muted">
        {isRunning ? (verify?.progress ?? 'at work') : saidOf(verify)}
      </p>
      {(problem || verify?.problem) && <p class="notice notice-failed">{problem || verify?.problem}</p>}
      {verify?.report?.explanations.map(sentence => (
        <p key={sentence} class="notice notice-failed">
          {sentence}
        </p>
      ))}
      {verify?.report && <VerifyTable report={verify.report} />}
      {verify?.command && <CommandLine command={verify.command} />}
    </section>
  )
}

function saidOf(verify: VerifyState | undefined): string {
  if (!verify?.report || verify.finishedAtMs === null) return 'Not verified since the console started.'
  const { equal, seconds } = verify.report
  const when = `at ${timeOf(verify.finishedAtMs)}, in ${seconds.toFixed(1)} s`
  return equal ? `The warehouse equals its sources (${when}).` : `Not everything is equal (${when}).`
}

function VerifyTable({ report }: { readonly report: VerifyReport }) {
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">Table</th>
          <th scope="col" class="number">
            Rows
          </th>
          <th scope="col" class="number">
            Wrong
          </th>
        </tr>
      </thead>
      <tbody>
        {report.tables.map(table => (
          <tr key={`${table.pipeline} ${table.table}`}>
            <th scope="row">
              <span class="state">
                <StateMark state={table.equal ? 'ok' : table.error === undefined ? 'failed' : 'unknown'} />
                {table.table}
              </span>
              {table.error && <span class="failure">{table.error}</span>}
            </th>
            <td class="number">{count(table.rows)}</td>
            <td class="number">{wrongOf(table)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function wrongOf({ missing, extra, different, error }: TableReport): string {
  return error === undefined ? count(missing.length + extra.length + different.length) : '?'
}
