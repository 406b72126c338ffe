import type { InventorySummary } from '../../messages.ts'
import type { LetterCard } from '../../server/reports.ts'
import { CommandLine } from '../parts/command.tsx'
import { Problems } from '../parts/problems.tsx'
import { StateMark } from '../parts/state-mark.tsx'
import { count, counted, momentOf } from '../parts/words.ts'
import { useReport } from './use-report.ts'

/** Records that sinks could not land and that were put aside: by cause, with what they hold. */
export function BadRecordsPage({ inventory }: { readonly inventory: InventorySummary }) {
  const groups = useReport<readonly LetterCard[]>('/api/dlq', inventory.atMs)
  const open = inventory.badRecords
  return (
    <section class="card" aria-labelledby="bad-records-title">
      <h2 id="bad-records-title">Records that were put aside</h2>
      <Problems sentences={inventory.problems.letters} />
      {!groups && <p class="empty">Looking …</p>}
      {groups?.length === 0 && <p class="empty">No record was put aside.</p>}
      {groups && groups.length > 0 && (
        <p class="muted" role="status">
          {open === 0 ? 'All are mended.' : `${count(open)} of them ${open === 1 ? 'is' : 'are'} not mended.`}
        </p>
      )}
      {groups?.map(group => (
        <Group key={`${group.connector} ${group.topic} ${group.stage} ${group.cause}`} group={group} />
      ))}
    </section>
  )
}

const stages: Readonly<Record<string, string>> = {
  KEY_CONVERTER: 'its key could not be read',
  VALUE_CONVERTER: 'its value could not be read',
  TASK_PUT: 'the warehouse refused it',
}

/** What is shown of one: more is on the command line. */
const shownLetters = 10
const shownCharacters = 2_000

function Group({ group }: { readonly group: LetterCard }) {
  const { connector, topic, stage, cause, records, open, letters, command } = group
  return (
    <article class="letters" data-topic={topic} data-open={open}>
      <h3>
        <span class="state">
          <StateMark state={open > 0 ? 'degraded' : 'ok'} />
          {topic}
        </span>
      </h3>
      <p class="muted">
        {connector} · {stages[stage] ?? stage} · {counted(records, 'record')}, {count(open)} not mended
      </p>
      <p class="cause">{cause}</p>
      {command && (
        <p class="muted">
          Reads their rows again at the source: <CommandLine command={command} />
        </p>
      )}
      <details>
        <summary>What {records === 1 ? 'it holds' : 'they hold'}</summary>
        {letters.slice(-shownLetters).map(letter => (
          <Letter key={letter.at} letter={letter} />
        ))}
        {letters.length > shownLetters && (
          <p class="muted">
            These are the newest {shownLetters}; <code>npx trib get dlq -o json</code> has all.
          </p>
        )}
      </details>
    </article>
  )
}

function Letter({ letter }: { readonly letter: LetterCard['letters'][number] }) {
  const { at, putAside, key, value, isMended } = letter
  return (
    <dl class="facts" data-letter={at}>
      <Fact name="record" text={at} />
      <Fact name="put aside" text={momentOf(Date.parse(putAside))} />
      {isMended && <Fact name="mended" text="yes" />}
      <Fact name="key" text={textOf(key)} />
      <Fact name="value" text={textOf(value)} />
    </dl>
  )
}

function Fact({ name, text }: { readonly name: string; readonly text: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{text}</dd>
    </div>
  )
}

/** A text is what could not be read as what it should be. */
function textOf(payload: unknown): string {
  if (payload === null) return 'none'
  const text = typeof payload === 'string' ? payload : JSON.stringify(payload)
  return text.length > shownCharacters ? `${text.slice(0, shownCharacters)} …` : text
}
