import type { Check } from './check.ts'
import { type Finding, fixText } from './finding.ts'
import type { Diagnosis } from './run-doctor.ts'

/** For people: by object, what is wrong and what mends it, ready to be pasted. */
export function describeFindings({ findings, checks, objects }: Diagnosis): string {
  if (findings.length === 0) {
    return `nothing found: ${checks} checks on ${objects} ${objects === 1 ? 'connector' : 'connectors'}\n`
  }
  const groups = new Map<string, Finding[]>()
  for (const finding of findings) {
    groups.set(finding.object, [...(groups.get(finding.object) ?? []), finding])
  }
  const blocks = [...groups].map(([object, found]) => `${object}\n${found.map(describeFinding).join('')}`)
  const count = (severity: string) => findings.filter(finding => finding.severity === severity).length
  return `${blocks.join('\n')}\n${count('error')} errors, ${count('warning')} warnings\n`
}

function describeFinding({ check, severity, message, fix }: Finding): string {
  const sign = severity === 'error' ? '✗' : '!'
  const byHand = fix.kind === 'sql' && fix.byHand !== undefined ? `; by hand, as ${fix.byHand}` : ''
  const heading =
    fix.kind === 'none'
      ? `    → ${fix.reason}\n`
      : fix.kind === 'sql'
        ? `    → SQL in ${fix.database}${byHand}:\n`
        : fix.kind === 'config' && !fix.isDeployed
          ? `    → in the file of ${fix.connector}:\n`
          : ''
  const text = fixText(fix)
  const indent = heading === '' ? '    → ' : '      '
  const lines =
    text === null
      ? ''
      : text
          .split('\n')
          .map(line => `${indent}${line}\n`)
          .join('')
  return `  ${sign} ${check}: ${message}\n${heading}${lines}`
}

export function toRow({ check, object, severity, message, fix }: Finding) {
  return { check, object, severity, message, fix: fixText(fix) }
}

export function toListRow({ id, appliesTo, title }: Check) {
  return { check: id, object: appliesTo, title }
}
