import { describe, expect, it } from 'vitest'
import { hostsOf, type Incoming, refusalOf } from '../../../control/console/server/guard.ts'

const options = { hosts: hostsOf(27_160, 'console'), token: 'secret-of-the-page', isReadOnly: false }
const reading: Incoming = {
  ...{ method: 'GET', path: '/api/health', host: '127.0.0.1:27160' },
  ...{ origin: undefined, fetchSite: undefined, token: undefined },
}
const changing: Incoming = {
  ...{ ...reading, method: 'POST', path: '/api/verify' },
  ...{ origin: 'http://127.0.0.1:27160', fetchSite: 'same-origin', token: options.token },
}

describe('the guard lets in', () => {
  it.each(['127.0.0.1:27160', 'localhost:27160', '[::1]:27160', 'LOCALHOST:27160', 'console:27160'])(
    'a reader who asks for %s',
    host => {
      expect(refusalOf({ ...reading, host }, options)).toBeUndefined()
    },
  )

  it('a change by a page of its own', () => {
    expect(refusalOf(changing, options)).toBeUndefined()
  })

  it('a link to the page from elsewhere', () => {
    expect(refusalOf({ ...reading, path: '/', fetchSite: 'cross-site' }, options)).toBeUndefined()
  })
})

describe('the guard refuses', () => {
  it.each([undefined, '', 'evil.example:27160', '127.0.0.1', '127.0.0.1:80', '127.0.0.1.evil.example:27160'])(
    'the host %s',
    host => {
      expect(refusalOf({ ...reading, host }, options)?.status).toBe(403)
    },
  )

  it.each(['http://evil.example', 'null', 'https://127.0.0.1:27160', 'http://localhost:27160'])(
    'the origin %s, for reading as for changing',
    origin => {
      expect(refusalOf({ ...reading, origin }, options)?.status).toBe(403)
      expect(refusalOf({ ...changing, origin }, options)?.status).toBe(403)
    },
  )

  it('data that a foreign page asks for, though it sends no origin', () => {
    expect(refusalOf({ ...reading, fetchSite: 'cross-site' }, options)?.status).toBe(403)
    expect(refusalOf({ ...reading, path: '/api/events', fetchSite: 'same-site' }, options)?.status).toBe(403)
  })

  it.each([undefined, '', 'secret', 'secret-of-the-pagE'])('a change with the token %s', token => {
    expect(refusalOf({ ...changing, token }, options)?.error).toContain('load it again')
  })

  it('a change without an origin', () => {
    expect(refusalOf({ ...changing, origin: undefined }, options)?.error).toContain('Origin')
  })

  it('every change of a console that only shows', () => {
    expect(refusalOf(changing, { ...options, isReadOnly: true })?.error).toContain('--read-only')
    expect(refusalOf({ ...changing, method: 'DELETE' }, { ...options, isReadOnly: true })).toBeDefined()
  })
})
