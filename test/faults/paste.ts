import { spawn } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { root } from '../support/trib.ts'

/** A person pastes the line. */
export async function paste(command: string | null | undefined): Promise<void> {
  const path = [join(root, 'node_modules', '.bin'), process.env['PATH']].join(delimiter)
  const shell = spawn('sh', ['-c', command ?? 'false'], { cwd: root, env: { ...process.env, PATH: path } })
  let output = ''
  for (const stream of [shell.stdout, shell.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  }
  const code = await new Promise<number | null>(resolve => shell.on('close', resolve))
  if (code !== 0) throw new Error(`'${command}' ended with ${code}: ${output}`)
}
