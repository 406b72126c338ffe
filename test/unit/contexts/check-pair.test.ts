import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { checkPair } from '../../../control/contexts/check-pair.ts'
import { cert, key } from '../../support/fake-connect/certificate.ts'
import { failureOf } from './world.ts'

const names = {
  context: 'prod',
  part: 'connect',
  keyIsIn: 'the key is in /key.pem',
  certIsIn: 'the certificate is in /cert.pem',
} as const

const locked = generateKeyPairSync('ec', {
  namedCurve: 'P-256',
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'right' },
}).privateKey
const another = 'and the key given is of another one'

describe('a certificate and its key', () => {
  it('are accepted where they belong together', () => {
    expect(checkPair({ cert, key, passphrase: undefined }, names)).toBeUndefined()
  })

  it.each([
    ['no passphrase', locked, undefined, 'the key is in /key.pem, which wants a passphrase'],
    ['a wrong one', locked, 'wrong', 'the key is in /key.pem, which the passphrase given does not open'],
  ])('are refused with %s', async (_, text, passphrase, message) => {
    expect(await failureOf(() => checkPair({ cert, key: text, passphrase }, names))).toEqual({
      ...{ code: 'CONTEXT_INCOMPLETE', message },
      hint: 'npx trib config set-context prod --connect-key-passphrase env:CONNECT_KEY_PASSPHRASE',
    })
  })

  it.each([
    [
      'of two pairs',
      cert,
      locked,
      `the certificate is in /cert.pem, ${another}`,
      '--connect-cert FILE --connect-key FILE',
    ],
    [
      'that are swapped',
      key,
      cert,
      expect.stringMatching(/^the key is in \/key.pem, which is no private key: /),
      '--connect-key FILE',
    ],
    [
      'of which one is none',
      key,
      key,
      expect.stringMatching(/^the certificate is in \/cert.pem, which is no certificate: /),
      '--connect-cert FILE',
    ],
  ])('are refused %s', async (_, one, other, message, options) => {
    expect(await failureOf(() => checkPair({ cert: one, key: other, passphrase: 'right' }, names))).toEqual({
      ...{ code: 'CONTEXT_INCOMPLETE', message },
      hint: `npx trib config set-context prod ${options}`,
    })
  })
})
