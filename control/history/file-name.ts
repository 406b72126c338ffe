import { createHash } from 'node:crypto'

/** A file's name may have 255 bytes, and a timestamp and an ending follow. */
const longest = 180

/**
 * A name that any file system keeps apart from every other: capitals are written as %XX because macOS ignores case,
 * and whatever could leave the folder is, too. A long name ends in its hash; the name itself stands in the file.
 */
export function fileNameOf(name: string): string {
  const encoded = [...Buffer.from(name, 'utf8')].map(encodeByte).join('').replace(/^\./, '%2E')
  if (encoded.length <= longest) return encoded
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 32)
  return `${encoded.slice(0, longest - 40)}~${hash}`
}

function encodeByte(byte: number): string {
  const character = String.fromCharCode(byte)
  return /[a-z0-9._-]/.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
}
