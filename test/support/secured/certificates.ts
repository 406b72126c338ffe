import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runProgram } from '../../../control/system/run-program.ts'

/** Paths of PEM files, and of what Java's REST server reads instead. */
export interface Certificates {
  readonly ca: string
  /** Who signed nothing of the cluster. */
  readonly otherCa: string
  readonly server: Pair
  /** Ended yesterday. */
  readonly ended: Pair
  /** For kafka.example.org. */
  readonly elsewhere: Pair
  /** This machine's; its key has a passphrase. */
  readonly client: Pair
  /** Of a person whom nobody knows: signed by the other authority. */
  readonly stranger: Pair
  /** PKCS #12 of the server's pair, and of the authority. */
  readonly keystore: string
  readonly truststore: string
}

export interface Pair {
  readonly cert: string
  readonly key: string
  /** Both in one file, as brokers read them. */
  readonly both: string
}

export const storePassword = 'of-the-stores'
export const passphrase = 'of-the-key'

const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
const here = 'subjectAltName=IP:127.0.0.1,DNS:localhost'

/** Made anew for each run: nothing that is committed could be trusted by mistake, or end one day. */
export async function makeCertificates(folder: string): Promise<Certificates> {
  const path = (name: string) => join(folder, name)
  const authority = async (name: string) => {
    const [cert, key] = [path(`${name}.pem`), path(`${name}.key`)]
    const subject = ['-subj', `/CN=${name}`, '-days', '2']
    await run('openssl', ['req', '-x509', ...newKey, ...subject, '-keyout', key, '-out', cert])
    return { cert, key }
  }
  const pair = async (name: string, { by, names = here, days = 2 }: PairOptions): Promise<Pair> => {
    const [cert, key, request] = [path(`${name}.pem`), path(`${name}.key`), path(`${name}.csr`)]
    const subject = ['-subj', `/CN=${name}`, '-addext', names]
    await run('openssl', ['req', '-new', ...newKey, ...subject, '-keyout', key, '-out', request])
    await run('openssl', [
      ...['x509', '-req', '-in', request, '-CA', by.cert, '-CAkey', by.key, '-CAcreateserial'],
      ...['-copy_extensions', 'copyall', '-days', String(days), '-out', cert],
    ])
    const both = path(`${name}-both.pem`)
    writeFileSync(both, readFileSync(key, 'utf8') + readFileSync(cert, 'utf8'))
    return { cert, key, both }
  }

  const [ours, theirs] = await Promise.all([authority('our-ca'), authority('other-ca')])
  // One after the other: both write the authority's serial number.
  const server = await pair('server', { by: ours })
  const ended = await pair('ended', { by: ours, days: -1 })
  const elsewhere = await pair('elsewhere', { by: ours, names: 'subjectAltName=DNS:kafka.example.org' })
  const client = await pair('client', { by: ours })
  const stranger = await pair('stranger', { by: theirs })
  const [keystore, truststore, locked] = [path('server.p12'), path('ca.p12'), path('client-locked.key')]
  await Promise.all([
    run('openssl', [
      ...['pkcs12', '-export', '-in', server.cert, '-inkey', server.key, '-name', 'server'],
      ...['-passout', `pass:${storePassword}`, '-out', keystore],
    ]),
    // What openssl writes without a key is no trusted entry for Java.
    run('keytool', [
      ...['-importcert', '-noprompt', '-storetype', 'PKCS12', '-alias', 'ca', '-file', ours.cert],
      ...['-storepass', storePassword, '-keystore', truststore],
    ]),
    run('openssl', [
      ...['pkcs8', '-topk8', '-in', client.key, '-v2', 'aes-256-cbc'],
      ...['-passout', `pass:${passphrase}`, '-out', locked],
    ]),
  ])
  return {
    ...{ ca: ours.cert, otherCa: theirs.cert, server, ended, elsewhere, stranger, keystore, truststore },
    client: { ...client, key: locked },
  }
}

interface PairOptions {
  readonly by: { readonly cert: string; readonly key: string }
  /** The hosts that it is for. */
  readonly names?: string
  readonly days?: number
}

async function run(program: string, args: readonly string[]): Promise<void> {
  const { code, stdout, stderr } = await runProgram(program, args)
  if (code !== 0) throw new Error(`${program} ${args[0]} ended with ${code}: ${stderr || stdout}`)
}
